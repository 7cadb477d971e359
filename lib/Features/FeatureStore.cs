using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Disk cache of features, computed once per file content and set of options.</summary>
/// <remarks>
/// <para>The folder holds <c>(key)/features.txt</c> and <c>(key)/(hash of the recording).npy</c>. The key is the first 16 digits of the
/// hash of <see cref="IFrameFeatures.Description"/>; features.txt holds the description itself. Entries are float32 matrices
/// (frame, coefficient) that <c>numpy.load</c> reads, with a checksum after the data. A damaged entry is recomputed and counted in
/// <see cref="Damaged"/>.</para>
/// <para>Entries are written atomically, so several processes may share a folder. A store is not thread-safe.</para>
/// <para>If the folder cannot be written (permissions, full disk), the store continues without saving and sets <see cref="Warning"/>. To
/// compute features without a store, use <see cref="IFrameFeatures.Extract(IReadOnlyList{AudioClip})"/>.</para>
/// </remarks>
internal sealed class FeatureStore
{
    /// <summary>Maximum duration decoded together, which bounds the samples in memory (77 MB at 32 kHz).</summary>
    private const double SecondsPerDecoding = 600;

    /// <summary>Maximum duration computed together, which bounds the time until a cancellation takes effect.</summary>
    private const double SecondsPerExtraction = 60;

    private readonly string _folder;
    private readonly string _key;

    /// <summary>Opens a store; nothing is read or written yet.</summary>
    /// <param name="folder">Folder of the entries; created if missing.</param>
    /// <param name="options">Settings of the MFCC.</param>
    /// <param name="device">Device that computes them.</param>
    /// <exception cref="OptionsException">The options are invalid.</exception>
    public FeatureStore(string folder, MfccOptions options, Device device) : this(folder, new Mfcc(options, device))
    {
    }

    /// <summary>Opens a store of any features; nothing is read or written yet.</summary>
    /// <param name="folder">Folder of the entries; created if missing.</param>
    /// <param name="features">The features to store.</param>
    public FeatureStore(string folder, IFrameFeatures features)
    {
        Features = features;
        _key = ContentHash.HashText(features.Description);
        _folder = Path.Combine(Path.GetFullPath(folder), _key[..16]);
    }

    /// <summary>The features that the store holds.</summary>
    public IFrameFeatures Features { get; }

    /// <summary>Why entries are no longer saved, or null. Set once, at the first entry that could not be written.</summary>
    public string? Warning { get; private set; }

    /// <summary>Number of recordings computed rather than read from the cache since the store was opened.</summary>
    public int Computed { get; private set; }

    /// <summary>
    /// Number of damaged entries (truncated, changed, or of another recording) since the store was opened. They were recomputed.
    /// </summary>
    public int Damaged { get; private set; }

    /// <summary>Loads the features of recordings from the cache and computes those that are missing.</summary>
    /// <param name="recordings">The recordings. A file is decoded only if its features are not in the cache.</param>
    /// <param name="progress">Receives the number of recordings done and their total.</param>
    /// <param name="cancellationToken">Checked before each file and each minute of audio, more often by slow features.</param>
    /// <returns>
    /// For each recording, in order, (frame, coefficient), float32 on the CPU; no rows if the recording is shorter than a frame. The
    /// caller disposes of them.
    /// </returns>
    /// <exception cref="AudioException">A recording cannot be read, or has changed since the corpus was opened.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; finished entries remain in the cache.</exception>
    public IReadOnlyList<Tensor> Load(
        IReadOnlyList<Recording> recordings, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        // On an exception the scope disposes of the tensors loaded so far.
        using var scope = NewDisposeScope();
        var features = new Tensor[recordings.Count];
        var missing = new List<int>();
        for (var i = 0; i < recordings.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryLoad(recordings[i]) is { } cached)
                features[i] = cached;
            else
                missing.Add(i);
        }

        var done = recordings.Count - missing.Count;
        progress?.Report(new WorkProgress("features", done, recordings.Count));
        foreach (var batch in Batches(missing, i => recordings[i].DurationSeconds, SecondsPerDecoding))
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

    /// <summary>Computes features of clips in memory; nothing is saved.</summary>
    /// <param name="clips">The clips.</param>
    /// <param name="cancellationToken">Checked before each minute of audio, more often by slow features.</param>
    /// <returns>For each clip, in order, (frame, coefficient) on the CPU; the caller disposes of them.</returns>
    /// <exception cref="ArgumentException">The features cannot be computed from a clip.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal IReadOnlyList<Tensor> Compute(IReadOnlyList<AudioClip> clips, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var features = new Tensor[clips.Count];
        double Seconds(int i) => clips[i].Samples.Length / (double)clips[i].SampleRate;
        foreach (var batch in Batches(Enumerable.Range(0, clips.Count), Seconds, SecondsPerExtraction))
        {
            var computed = Features.Extract([.. batch.Select(i => clips[i])], cancellationToken);
            for (var i = 0; i < batch.Count; i++)
                features[batch[i]] = computed[i].cpu();
        }

        foreach (var matrix in features)
            matrix.MoveToOuterDisposeScope();
        return features;
    }

    private Tensor? TryLoad(Recording recording)
    {
        var entry = EntryPath(recording);
        if (NpyFile.TryRead(entry, Identity(recording)) is { } cached && cached.Columns == Features.Dimension)
        {
            // The clone has libtorch's memory alignment, as computed features have, so that later results do not depend on the cache.
            using var managed = tensor(cached.Values, [cached.Rows, cached.Columns], device: CPU);
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
            Save(recordings[i], features[i]);
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

        // The hash of what was decoded: otherwise a file that changed would be cached under the hash of its old content.
        if (clip.Info!.Hash != recording.Hash)
            throw new AudioException(recording.Path, "the file has changed since the corpus was opened; open the corpus again.");
        return clip;
    }

    private void Save(Recording recording, Tensor features)
    {
        if (Warning is not null)
            return;
        try
        {
            var about = Path.Combine(_folder, "features.txt");
            if (!File.Exists(about))
                AtomicFile.WriteText(about, Features.Description + "\n");
            NpyFile.Write(EntryPath(recording), Identity(recording), features.FloatSpan(), (int)features.shape[0], (int)features.shape[1]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Warning = $"Features are computed but not kept, because {_folder} cannot be written: {error.Message} "
                + "Make the folder writable or choose another, so that the next run is faster.";
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

    private string EntryPath(Recording recording) => Path.Combine(_folder, recording.Hash + ".npy");

    private string Identity(Recording recording) => $"{_key} {recording.Hash}";
}
