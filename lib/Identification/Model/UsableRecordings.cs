using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Foundation;

namespace DeviceId.Identification;

/// <summary>Finds recordings that no model can say anything about before hours go into training models to ask.</summary>
internal static class UsableRecordings
{
    /// <summary>Reads every recording.</summary>
    /// <param name="corpus">The recordings that will be asked about.</param>
    /// <param name="options">Those of the models.</param>
    /// <exception cref="CorpusException">Some are silent or shorter than a frame: the message names them.</exception>
    public static void Require(Corpus corpus, PhoneModelOptions options)
    {
        var reasons = new string?[corpus.Recordings.Count];
        ParallelLoops.For(reasons.Length, i => reasons[i] = WhyNot(AudioFile.Read(corpus.Recordings[i].Path), options));
        var found = corpus.Recordings.Zip(reasons).Where(pair => pair.Second is not null)
            .Select(pair => $"'{pair.First.Path}': {pair.Second}").ToList();
        if (found.Count > 0)
            throw new CorpusException(
                $"{corpus.Name}: no model can be asked about {(found.Count == 1 ? "1 recording" : $"{found.Count} recordings")}. {SentenceList.Abbreviate(found)} Replace them, or take them out of the folder or table.");
    }

    /// <summary>Why a model of these options cannot be asked about a clip; null where it can.</summary>
    private static string? WhyNot(AudioClip clip, PhoneModelOptions options)
    {
        if (clip.IsConstant)
            return "there is no sound in it, all its samples are the same.";
        var brought = options.FrontEnd.SampleRate is { } rate ? Resampler.Resample(clip, rate) : clip;
        return options.FrontEnd.Grid(brought.SampleRate).Frames(brought.Samples.Length) > 0 ? null
            : FormattableString.Invariant($"it lasts {clip.DurationSeconds:0.000} s, less than one frame.");
    }
}
