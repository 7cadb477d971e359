using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Reads every file of a layout once and creates the corpus. All layouts use this class.</summary>
internal static class CorpusReader
{
    /// <summary>Number of reasons listed in an error message.</summary>
    private const int ShownReasons = 3;

    /// <summary>Decodes and hashes the files, in parallel.</summary>
    /// <param name="name">Name of the corpus.</param>
    /// <param name="files">Files that the layout treats as recordings.</param>
    /// <param name="skipped">Files that the layout left out, with reasons.</param>
    /// <param name="folder">Full path of the folder to which file names in messages are relative.</param>
    /// <param name="ignored">Files that are not recordings.</param>
    /// <param name="progress">Reports after each file.</param>
    /// <param name="isSimulated">True for simulated recordings.</param>
    /// <param name="lostDevices">Folders of devices in which nothing looks like sound.</param>
    /// <exception cref="CorpusException">There are no recordings, or a device has no recording that can be read and has sound.</exception>
    public static Corpus Read(
        string name, IReadOnlyList<RecordingFile> files, IEnumerable<SkippedRecording> skipped, string folder,
        IReadOnlyList<string> ignored, IProgress<WorkProgress>? progress, bool isSimulated = false,
        IReadOnlyList<SkippedRecording>? lostDevices = null)
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

        var (recordings, copies) = RemoveCopies(results.Select(r => r.Recording).OfType<Recording>());
        List<SkippedRecording> allSkipped = [.. skipped, .. results.Select(r => r.Skipped).OfType<SkippedRecording>(), .. copies];
        var corpus = new Corpus(name, recordings, allSkipped, isSimulated, ignored, folder) { LostDevices = lostDevices ?? [] };
        RequireEveryDevice(corpus, files);
        return corpus;
    }

    private static (Recording?, SkippedRecording?) ReadOne(RecordingFile file)
    {
        try
        {
            if (AudioFolder.WhyNotOpened(file.Path) is { } refused)
                return (null, new SkippedRecording(file.Path, refused));
            var clip = AudioFile.Read(file.Path);
            if (clip.IsConstant)
                return (null, new SkippedRecording(file.Path, "there is no sound in it, all its samples are the same."));
            var hash = clip.Info!.Hash;
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

    /// <summary>Removes copies of a file among the recordings of one device and sentence, which would count twice in training.</summary>
    private static (List<Recording> Recordings, List<SkippedRecording> Copies) RemoveCopies(IEnumerable<Recording> recordings)
    {
        var unique = new Dictionary<(string Device, string Sentence, string Hash), Recording>();
        var copies = new List<SkippedRecording>();
        foreach (var recording in recordings)
            if (!unique.TryAdd((recording.Device, recording.Sentence, recording.Hash), recording))
                copies.Add(new SkippedRecording(recording.Path,
                    $"it is a copy of {unique[(recording.Device, recording.Sentence, recording.Hash)].Path}"));
        return ([.. unique.Values], copies);
    }

    private static void RequireEveryDevice(Corpus corpus, IReadOnlyList<RecordingFile> files)
    {
        if (files.Count == 0)
            throw new CorpusException($"{corpus.Name}: no file name matches the layout. {Reasons(corpus, corpus.Skipped)}");
        var lost = files.GroupBy(f => f.Device, StringComparer.Ordinal).Where(g => !corpus.Devices.Contains(g.Key)).ToList();
        if (lost.Count == 0)
            return;
        var first = lost[0];
        var paths = first.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        var reasons = Reasons(corpus, corpus.Skipped.Where(s => paths.Contains(s.Path)));
        var others = lost.Count == 1 ? ""
            : $" The same is true of {lost.Count - 1} more: {string.Join(", ", lost.Skip(1).Select(g => g.Key))}.";
        throw new CorpusException(
            $"{corpus.Name}: none of the {first.Count()} recordings of device '{first.Key}' can be used. {reasons}{others} "
            + "Replace these files, or remove the device from the folder.");
    }

    private static string Reasons(Corpus corpus, IEnumerable<SkippedRecording> skipped) =>
        SentenceList.Abbreviate([.. skipped.Select(corpus.SkippedReason)], ShownReasons);
}
