using System.Globalization;
using DeviceId.Evaluation;

namespace DeviceId.Reporting;

/// <summary>Table cell: an estimate with its 95 % interval, and optionally the p-value of its test or the number of answers.</summary>
/// <param name="Value">The estimate, in the unit of the heading: 97.5 under "segments (%)".</param>
/// <param name="Low">Lower end of the interval, in the same unit.</param>
/// <param name="High">Upper end of the interval, in the same unit.</param>
internal sealed record Estimate(double Value, double Low, double High) : ITableCell
{
    /// <summary>Format for differences: one decimal, and a sign unless the number is zero.</summary>
    public const string SignedFormat = "+0.0;-0.0;0.0";

    /// <summary>.NET format string of each number.</summary>
    /// <remarks>"F1" and "0.0" round midpoints differently: 31.25 becomes 31.2 and 31.3.</remarks>
    public string Format { get; init; } = "F1";

    /// <summary>Unit printed after the value if the heading has none; empty for none.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Remark printed after the interval: "by recording"; empty for none.</summary>
    public string Remark { get; init; } = "";

    /// <summary>P-value of the estimate's test; null for none.</summary>
    public PValue? PValue { get; init; }

    /// <summary>Number of answers that the estimate is based on; null if it is not printed.</summary>
    public int? Answers { get; init; }

    /// <summary>A proportion in percent.</summary>
    /// <param name="proportion">The proportion, in [0, 1].</param>
    /// <param name="interval">Its interval.</param>
    public static Estimate FromProportion(double proportion, Interval interval) =>
        new(100 * proportion, 100 * interval.Low, 100 * interval.High);

    /// <summary>An accuracy in percent, with unit and number of answers, for columns without a unit in the heading.</summary>
    public static Estimate FromAccuracy(Accuracy accuracy) =>
        FromProportion(accuracy.Value, accuracy.Interval) with { Format = "0.0", Unit = "%", Answers = accuracy.Total };

    /// <summary>A signed difference of two accuracies in percentage points.</summary>
    /// <param name="comparison">Comparison of the two accuracies: first minus second.</param>
    public static Estimate FromDifference(Comparison comparison) =>
        FromProportion(comparison.Difference, comparison.Interval) with { Format = SignedFormat };

    IReadOnlyList<CellNumber> ITableCell.Numbers
    {
        get
        {
            var unit = Unit.Length > 0 ? Unit : null;
            var numbers = new List<CellNumber> { new("", Value, unit), new("low", Low, unit), new("high", High, unit) };
            if (PValue is not null)
                numbers.Add(new("p", PValue.Value, ""));
            if (Answers is { } answers)
                numbers.Add(new("n", (long)answers, ""));
            return numbers;
        }
    }

    /// <summary>"97.5 [97.1, 97.9]", "-1.2 [-3.0, +0.6], p = 0.034", "94.1 % [92.6, 95.4], n = 1575"; invariant culture.</summary>
    public override string ToString()
    {
        var text = $"{Print(Value)}{PrefixSpace(Unit)} [{Print(Low)}, {Print(High)}]{PrefixSpace(Remark)}";
        if (PValue is not null)
            text += ", " + PValue.Equation;
        return Answers is { } answers ? string.Create(CultureInfo.InvariantCulture, $"{text}, n = {answers}") : text;
    }

    private static string PrefixSpace(string word) => word.Length > 0 ? " " + word : "";

    private string Print(double number) => number.ToString(Format, CultureInfo.InvariantCulture);
}
