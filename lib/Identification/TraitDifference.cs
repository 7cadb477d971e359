namespace DeviceId.Identification;

/// <summary>One respect in which a questioned recording lies outside of what a model was tested on.</summary>
/// <param name="Trait">The respect in a word: rate, format, length, band, treble, level, clipping, silence, crest, pauses, spectrum.</param>
/// <param name="Sentence">What differs, and from what.</param>
internal readonly record struct TraitDifference(string Trait, string Sentence);
