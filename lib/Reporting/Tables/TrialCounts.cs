using System.Globalization;

namespace DeviceId.Reporting;

/// <summary>Table cell: numbers of verification trials.</summary>
/// <param name="Same">Number of same-source trials.</param>
/// <param name="Different">Number of different-source trials.</param>
internal sealed record TrialCounts(int Same, int Different) : ITableCell
{
    public IReadOnlyList<CellNumber> Numbers => [new("same", (long)Same), new("different", (long)Different)];

    /// <summary>"40 + 1600".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Same} + {Different}");
}
