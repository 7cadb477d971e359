using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Foundation;

namespace DeviceId.Identification;

/// <summary>Finds unusable recordings before hours are spent on training.</summary>
internal static class UsableRecordings
{
    /// <summary>Reads every recording and checks that a model can identify it.</summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="options">Settings of the models.</param>
    /// <exception cref="CorpusException">Some recordings are silent or shorter than a frame; the message names them.</exception>
    public static void Require(Corpus corpus, PhoneModelOptions options)
    {
        var reasons = new string?[corpus.Recordings.Count];
        ParallelLoops.For(reasons.Length, i => reasons[i] = WhyNot(AudioFile.Read(corpus.Recordings[i].Path), options));
        var unusable = corpus.Recordings.Zip(reasons).Where(pair => pair.Second is not null)
            .Select(pair => $"'{pair.First.Path}': {pair.Second}").ToList();
        if (unusable.Count > 0)
            throw new CorpusException(
                $"{corpus.Name}: {(unusable.Count == 1 ? "1 recording" : $"{unusable.Count} recordings")} cannot be used. "
                + $"{SentenceList.Abbreviate(unusable)} Replace them, or remove them from the folder or table.");
    }

    /// <summary>Why a model with these options cannot identify a clip; null if it can.</summary>
    private static string? WhyNot(AudioClip clip, PhoneModelOptions options)
    {
        if (clip.IsConstant)
            return "there is no sound in it, all its samples are the same.";
        var resampled = options.FrontEnd.SampleRate is { } rate ? Resampler.Resample(clip, rate) : clip;
        return options.FrontEnd.Grid(resampled.SampleRate).Frames(resampled.Samples.Length) > 0 ? null
            : FormattableString.Invariant($"it lasts {clip.DurationSeconds:0.000} s, less than one frame.");
    }
}
