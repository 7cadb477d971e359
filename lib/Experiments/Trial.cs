using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>The unit of work: one training and its test.</summary>
/// <param name="Settings">The variant's settings.</param>
/// <param name="Corpus">Fingerprint of the corpus.</param>
/// <param name="Split">Name of the split.</param>
/// <param name="Seed">Seed of all that is random.</param>
internal sealed record Trial(TrialSettings Settings, string Corpus, string Split, long Seed)
{
    /// <summary>
    /// The version of the arithmetic: changed by hand whenever the same settings would give other numbers beyond rounding, so that stored
    /// results of the old arithmetic are not taken for those of the new. Rounding is no part of it: processors with other registers round
    /// differently too, and a training that is long enough makes other weights of that; a stored trial names its hardware and commit. Nor
    /// is the change of random streams of 2026-11-29, after commit 0dd20dc: the networks' trials stored before it are other draws from the
    /// same distribution (12 trainings of the reference network: 96.4 % of segments before, 96.7 % after).
    /// </summary>
    public const string LibraryVersion = "0.1.0";

    /// <summary>
    /// Hash (24 hexadecimal digits) of all that determines the result: settings, corpus, split, seed, version. Hardware is no part of it.
    /// </summary>
    public string Key => ContentHash.HashText(Json.WriteKey(new { LibraryVersion, Corpus, Split, Seed, Settings }))[..24];
}
