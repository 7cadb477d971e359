using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Features of recordings, kept on the disk: computed once for each file content and each set of options.</summary>
/// <remarks>
/// <para>The folder holds <c>(key)/features.txt</c> and <c>(key)/(recording's hash).npy</c>, (key) being the first 16 digits of the hash of
/// <see cref="IFrameFeatures.Description"/>, which features.txt holds. Entries are float32 matrices (frame, coefficient) that
/// <c>numpy.load</c> reads, with a checksum behind the data. A damaged entry is computed anew and counted in <see cref="Damaged"/>.</para>
/// <para>Entries appear whole or not at all, so several processes may share a folder. One store serves one thread at a time.</para>
/// <para>Where the folder cannot be written (rights, full disk) the store goes on without keeping anything and says so in
/// <see cref="Warning"/>. To work without a store at all, use <see cref="IFrameFeatures.Extract(IReadOnlyList{AudioClip})"/>.</para>
/// </remarks>
internal sealed class FeatureStore
{
    /// <summary>Recordings are decoded together up to this length: bounds the samples in memory (77 MB at 32 kHz).</summary>
    private const double SecondsPerBatch = 600;

    /// <summary>And computed together up to this one: bounds the time until a cancellation is noticed.</summary>
    private const double SecondsAtOnce = 60;

    private readonly string _folder;
    private readonly string _key;
    /// <summary>Opens a store; nothing is read or written yet.</summary>
    /// <param name="folder">Where the entries lie; made when missing.</param>
    /// <param name="options">Settings of the cepstra.</param>
    /// <param name="device">Where they are computed.</param>
    /// <exception cref="OptionsException">The options cannot be used.</exception>
    public FeatureStore(string folder, MfccOptions options, Device device) : this(folder, new Mfcc(options, device))
    {
    }

    /// <summary>Opens a store of other features than cepstra.</summary>
    /// <param name="folder">Where the entries lie; made when missing.</param>
    /// <param name="features">What is kept.</param>
    public FeatureStore(string folder, IFrameFeatures features)
    {
        Features = features;
        _key = ContentHash.HashText(features.Description);
        _folder = Path.Combine(Path.GetFullPath(folder), _key[..16]);
    }

    /// <summary>What is kept.</summary>
    public IFrameFeatures Features { get; }

    /// <summary>Why nothing is being kept, or null when all is well. Set once, at the first entry that could not be written.</summary>
    public string? Warning { get; private set; }

    /// <summary>Recordings computed rather than found, since the store was opened.</summary>
    public int Computed { get; private set; }

    /// <summary>
    /// Entries that were there but could not be used (cut off, changed, another recording's), since the store was opened. They were
    /// computed anew.
    /// </summary>
    public int Damaged { get; private set; }

    /// <summary>Features of recordings, in their order.</summary>
    /// <param name="recordings">The recordings. A file is read only when its features are not kept.</param>
    /// <param name="progress">Told of recordings done, out of all.</param>
    /// <param name="cancellationToken">Asked before each file and each minute of sound, more often by slow features.</param>
    /// <returns>
    /// For each recording (frame, coefficient), float32 on the CPU; no rows where the recording is shorter than a frame. The caller
    /// disposes of them.
    /// </returns>
    /// <exception cref="AudioException">A recording cannot be read, or is no longer what it was when the corpus was opened.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was finished is kept on the disk.</exception>
    public IReadOnlyList<Tensor> Load(
        IReadOnlyList<Recording> recordings, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        // On an exception the scope takes with it what was loaded so far.
        using var scope = NewDisposeScope();
        var features = new Tensor[recordings.Count];
        var missing = new List<int>();
        for (var i = 0; i < recordings.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Find(recordings[i]) is { } found)
                features[i] = found;
            else
                missing.Add(i);
        }

        var done = recordings.Count - missing.Count;
        progress?.Report(new WorkProgress("features", done, recordings.Count));
        foreach (var batch in Batches(missing, i => recordings[i].DurationSeconds, SecondsPerBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var computed = Compute([.. batch.Select(i => recordings[i])], cancellationToken);
            for (var i = 0; i < batch.Count; i++)
                features[batch[i]] = computed[i];
            progress?.Report(new WorkProgress("features", done += batch.Count, recordings.Count));
        }

        foreach (var matrix in features)
            matrix.MoveToOuterDisposeScope();
        return features;
    }

    /// <summary>Features of sound that is no recording on the disk: nothing is kept.</summary>
    /// <param name="clips">The sound.</param>
    /// <param name="cancellationToken">As above.</param>
    /// <returns>For each clip (frame, coefficient) on the CPU; the caller disposes of them.</returns>
    /// <exception cref="ArgumentException">The features cannot be computed from a clip.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal IReadOnlyList<Tensor> Compute(IReadOnlyList<AudioClip> clips, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var features = new Tensor[clips.Count];
        double Seconds(int i) => clips[i].Samples.Length / (double)clips[i].SampleRate;
        foreach (var batch in Batches(Enumerable.Range(0, clips.Count), Seconds, SecondsAtOnce))
        {
            var computed = Features.Extract([.. batch.Select(i => clips[i])], cancellationToken);
            for (var i = 0; i < batch.Count; i++)
                features[batch[i]] = computed[i].cpu();
        }

        foreach (var matrix in features)
            matrix.MoveToOuterDisposeScope();
        return features;
    }

    private Tensor? Find(Recording recording)
    {
        var entry = EntryOf(recording);
        if (NpyFile.TryRead(entry, Identity(recording)) is { } found && found.Columns == Features.Dimension)
        {
            // The copy lies where libtorch aligns it, as computed features do: what follows must not depend on where they came from.
            using var managed = tensor(found.Values, [found.Rows, found.Columns], device: CPU);
            return managed.clone();
        }

        if (File.Exists(entry))
            Damaged++;
        return null;
    }

    private IReadOnlyList<Tensor> Compute(Recording[] recordings, CancellationToken cancellationToken)
    {
        var features = Compute(Decode(recordings, cancellationToken), cancellationToken);
        if (Computed == 0)
            AtomicFile.RemoveAbandoned(_folder);
        for (var i = 0; i < recordings.Length; i++)
            Keep(recordings[i], features[i]);
        Computed += recordings.Length;
        return features;
    }

    private static AudioClip[] Decode(Recording[] recordings, CancellationToken cancellationToken)
    {
        var clips = new AudioClip[recordings.Length];
        ParallelLoops.For(clips.Length, i => clips[i] = Decode(recordings[i]), cancellationToken: cancellationToken);
        return clips;
    }

    private static AudioClip Decode(Recording recording)
    {
        var clip = AudioFile.Read(recording.Path);

        // After decoding, not before: a file that changed in between cannot then enter the cache under the old content's name.
        if (ContentHash.HashFile(recording.Path) != recording.Hash)
            throw new AudioException(recording.Path, "the file has changed since the corpus was opened; open the corpus again.");
        return clip;
    }

    private void Keep(Recording recording, Tensor features)
    {
        if (Warning is not null)
            return;
        try
        {
            var about = Path.Combine(_folder, "features.txt");
            if (!File.Exists(about))
                AtomicFile.WriteText(about, Features.Description + "\n");
            NpyFile.Write(EntryOf(recording), Identity(recording), features.FloatSpan(), (int)features.shape[0], (int)features.shape[1]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Warning = $"Features are computed but not kept, because {_folder} cannot be written: {error.Message} Free the folder or name another to save the time next run.";
        }
    }

    private static IEnumerable<List<int>> Batches(IEnumerable<int> all, Func<int, double> durationSeconds, double limit)
    {
        var batch = new List<int>();
        var seconds = 0.0;
        foreach (var i in all)
        {
            if (batch.Count > 0 && seconds + durationSeconds(i) > limit)
            {
                yield return batch;
                (batch, seconds) = ([], 0);
            }

            batch.Add(i);
            seconds += durationSeconds(i);
        }

        if (batch.Count > 0)
            yield return batch;
    }

    private string EntryOf(Recording recording) => Path.Combine(_folder, recording.Hash + ".npy");

    private string Identity(Recording recording) => $"{_key} {recording.Hash}";
}
