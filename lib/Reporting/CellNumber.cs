namespace DeviceId.Reporting;

/// <summary>A number of a cell, as a data frame takes it.</summary>
/// <param name="Part">Which of the cell's numbers: "low", "high"; empty for the value itself.</param>
/// <param name="Value">A long or a double, not rounded.</param>
/// <param name="Unit">Its unit, empty for none; null where it is the heading's.</param>
internal readonly record struct CellNumber(string Part, object Value, string? Unit = null);
