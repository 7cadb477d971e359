using System.Globalization;

namespace DeviceId.Reporting;

/// <summary>Verification trials by kind.</summary>
/// <param name="Same">Trials of one device.</param>
/// <param name="Different">Trials of two devices.</param>
internal sealed record TrialCounts(int Same, int Different) : ITableCell
{
    public IReadOnlyList<CellNumber> Numbers => [new("same", (long)Same), new("different", (long)Different)];

    /// <summary>"40 + 1600".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Same} + {Different}");
}
