using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Reads every file of a layout once and makes the index: the part that all layouts share.</summary>
internal static class CorpusReader
{
    /// <summary>How many reasons an error repeats before it says "and so on".</summary>
    private const int ShownReasons = 3;

    /// <summary>Decodes and hashes the files, in parallel.</summary>
    /// <param name="name">Name of the corpus.</param>
    /// <param name="files">What the layout takes for recordings.</param>
    /// <param name="skipped">What the layout left out already, with reasons.</param>
    /// <param name="folder">Full path from which messages name files.</param>
    /// <param name="ignored">Files that are no recordings.</param>
    /// <param name="progress">Told after each file.</param>
    /// <param name="isSimulated">True for made recordings.</param>
    /// <exception cref="CorpusException">No recording, or a device none of whose recordings can be read and holds sound.</exception>
    public static Corpus Read(
        string name, IReadOnlyList<RecordingFile> files, IEnumerable<SkippedRecording> skipped, string folder,
            IReadOnlyList<string> ignored,
        IProgress<WorkProgress>? progress, bool isSimulated = false)
    {
        var results = new (Recording? Recording, SkippedRecording? Skipped)[files.Count];
        var counter = new object();
        var done = 0;
        ParallelLoops.For(files.Count, i =>
        {
            results[i] = ReadOne(files[i]);
            lock (counter)
                progress?.Report(new WorkProgress("reading recordings", ++done, files.Count));
        });

        var (recordings, copies) = WithoutCopies(results.Select(r => r.Recording).OfType<Recording>());
        List<SkippedRecording> left = [.. skipped, .. results.Select(r => r.Skipped).OfType<SkippedRecording>(), .. copies];
        var corpus = new Corpus(name, recordings, left, isSimulated, ignored, folder);
        RequireEveryDevice(corpus, files);
        return corpus;
    }

    private static (Recording?, SkippedRecording?) ReadOne(RecordingFile file)
    {
        try
        {
            var clip = AudioFile.Read(file.Path);
            if (clip.IsConstant)
                return (null, new SkippedRecording(file.Path, "there is no sound in it, all its samples are the same."));
            var hash = ContentHash.HashFile(file.Path);
            return (new Recording(file.Path, file.Device, file.Sentence, hash, clip.SampleRate, clip.DurationSeconds, file.Speaker), null);
        }
        catch (AudioException e)
        {
            return (null, new SkippedRecording(file.Path, e.Reason));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, new SkippedRecording(file.Path, e.Message));
        }
    }

    /// <summary>A file that lies twice among one device's recordings counts once: it would count double in training.</summary>
    private static (List<Recording> Recordings, List<SkippedRecording> Copies) WithoutCopies(IEnumerable<Recording> recordings)
    {
        var kept = new Dictionary<(string Device, string Sentence, string Hash), Recording>();
        var copies = new List<SkippedRecording>();
        foreach (var recording in recordings)
            if (!kept.TryAdd((recording.Device, recording.Sentence, recording.Hash), recording))
                copies.Add(new SkippedRecording(recording.Path,
                    $"the same bytes as {kept[(recording.Device, recording.Sentence, recording.Hash)].Path}"));
        return ([.. kept.Values], copies);
    }

    private static void RequireEveryDevice(Corpus corpus, IReadOnlyList<RecordingFile> files)
    {
        if (files.Count == 0)
            throw new CorpusException($"{corpus.Name}: no file has a name that the layout knows. {Reasons(corpus, corpus.Skipped)}");
        var lost = files.GroupBy(f => f.Device, StringComparer.Ordinal).Where(g => !corpus.Devices.Contains(g.Key)).ToList();
        if (lost.Count == 0)
            return;
        var first = lost[0];
        var paths = first.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        var others = lost.Count == 1 ? ""
            : $" The same holds for {lost.Count - 1} more: {string.Join(", ", lost.Skip(1).Select(g => g.Key))}.";
        throw new CorpusException(
            $"{corpus.Name}: none of the {first.Count()} recordings of device '{first.Key}' can be used. {Reasons(corpus, corpus.Skipped.Where(s => paths.Contains(s.Path)))}{others} " +
            "Replace these files, or take the device out of the folder.");
    }

    private static string Reasons(Corpus corpus, IEnumerable<SkippedRecording> skipped) =>
        SentenceList.Abbreviate([.. skipped.Select(corpus.WhyLeftOut)], ShownReasons);
}
