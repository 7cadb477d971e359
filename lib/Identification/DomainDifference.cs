namespace DeviceId.Identification;

/// <summary>One respect in which a questioned recording lies outside of what a model was tested on.</summary>
/// <param name="Aspect">The respect in a word: rate, format, length, band, treble, level, clipping, silence, crest, pauses, spectrum.</param>
/// <param name="Sentence">What differs, and from what.</param>
internal readonly record struct DomainDifference(string Aspect, string Sentence);
