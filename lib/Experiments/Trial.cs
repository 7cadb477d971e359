using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>The unit of work: one training with its test.</summary>
/// <param name="Settings">The variant's settings.</param>
/// <param name="Corpus">Fingerprint of the corpus.</param>
/// <param name="Split">Name of the split.</param>
/// <param name="Seed">Seed of all random choices.</param>
internal sealed record Trial(TrialSettings Settings, string Corpus, string Split, long Seed)
{
    /// <summary>
    /// Version of the arithmetic. It is raised by hand whenever the same settings would give different numbers beyond rounding, so that
    /// stored results of the old arithmetic are not mistaken for results of the new. Rounding does not count: processors with other SIMD
    /// registers round differently too, and a long training amplifies this into different weights; a stored trial names its hardware and
    /// commit. The change of random streams of 2026-11-29, after commit 0dd20dc, does not count either: trials of networks stored before it
    /// are other draws from the same distribution (12 trainings of the reference network: 96.4 % of segments before, 96.7 % after).
    /// </summary>
    public const string LibraryVersion = "0.1.0";

    /// <summary>
    /// Hash (24 hexadecimal digits) of what determines the result: settings, corpus, split, seed and version, but not the hardware.
    /// </summary>
    public string Key => ContentHash.HashText(Json.WriteKey(new { LibraryVersion, Corpus, Split, Seed, Settings }))[..24];
}
