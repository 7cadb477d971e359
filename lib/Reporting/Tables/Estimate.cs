using System.Globalization;
using DeviceId.Evaluation;

namespace DeviceId.Reporting;

/// <summary>An estimate with its 95 % interval, and the p-value of its test or the number of answers where the cell has them.</summary>
/// <param name="Value">The estimate, in the unit of the heading: 97.5 under "segments (%)".</param>
/// <param name="Low">Lower end of the interval, in the same unit.</param>
/// <param name="High">Upper end.</param>
internal sealed record Estimate(double Value, double Low, double High) : ITableCell
{
    /// <summary>One decimal, and a sign before all but zero: for differences.</summary>
    public const string SignedFormat = "+0.0;-0.0;0.0";

    /// <summary>How each number is printed: a format of .NET.</summary>
    /// <remarks>"F1" and "0.0" differ where a number lies in the middle: of 31.25 they make 31.2 and 31.3.</remarks>
    public string Format { get; init; } = "F1";

    /// <summary>Printed behind the value where the heading names no unit; empty for none.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Printed behind the interval: "by recording"; empty for none.</summary>
    public string Remark { get; init; } = "";

    /// <summary>Of the test that belongs to it; null for none.</summary>
    public PValue? PValue { get; init; }

    /// <summary>How many answers it is of; null where the cell does not say.</summary>
    public int? Answers { get; init; }

    /// <summary>Decimals that the printed numbers are rounded to before <see cref="Format"/> rounds them; null for one rounding.</summary>
    /// <remarks>The comparison with the paper has always rounded twice: -18.7499 to -18.75, and that to -18.8.</remarks>
    internal int? RoundedBefore { get; init; }

    /// <summary>A share in percent.</summary>
    /// <param name="share">In [0, 1].</param>
    /// <param name="interval">Its interval.</param>
    public static Estimate FromProportion(double share, Interval interval) => new(100 * share, 100 * interval.Low, 100 * interval.High);

    /// <summary>An accuracy in percent, with unit and number of answers: for columns that name no unit.</summary>
    public static Estimate FromAccuracy(Accuracy accuracy) =>
        FromProportion(accuracy.Value, accuracy.Interval) with { Format = "0.0", Unit = "%", Answers = accuracy.Total };

    /// <summary>A difference of two accuracies in percentage points, with its sign.</summary>
    /// <param name="comparison">First minus second.</param>
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
        var text = $"{Print(Value)}{After(Unit)} [{Print(Low)}, {Print(High)}]{After(Remark)}";
        if (PValue is not null)
            text += ", " + PValue.Equation;
        return Answers is { } answers ? string.Create(CultureInfo.InvariantCulture, $"{text}, n = {answers}") : text;
    }

    private static string After(string word) => word.Length > 0 ? " " + word : "";

    private string Print(double number) =>
        (RoundedBefore is { } decimals ? Math.Round(number, decimals) : number).ToString(Format, CultureInfo.InvariantCulture);
}
