using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Features;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

[Collection(TensorCollection.Name)]
public sealed class FeatureStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string CacheFolder => _folder.File("cache");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    private Recording Copy(string name)
    {
        var path = _folder.File(name + ".wav");
        File.Copy(TestPaths.Golden("wav", name + ".wav"), path);
        var clip = GoldenFeatures.Clip(name);
        return new Recording(path, "phone", "1", ContentHash.HashFile(path), clip.SampleRate, clip.DurationSeconds);
    }

    private Recording[] Recordings() => [.. new[] { "spA_32k", "noise_16k", "oneframe_16k", "halfsil_32k" }.Select(Copy)];

    private FeatureStore Open(MfccOptions? options = null) => new(CacheFolder, options ?? MfccOptions.AsWritten, CPU);

    private string[] Entries() => Directory.GetFiles(CacheFolder, "*.npy", SearchOption.AllDirectories);

    private static double[][] Load(FeatureStore store, IReadOnlyList<Recording> recordings)
    {
        using var scope = NewDisposeScope();
        return [.. store.Load(recordings, cancellationToken: Token).Select(GoldenFeatures.Values)];
    }

    [Fact]
    public void TheSecondLoadComputesNothingAndIsBitIdentical()
    {
        using var scope = NewDisposeScope();
        var recordings = Recordings();
        var first = Open();
        var computed = Load(first, recordings);
        Assert.Equal(4, first.Computed);
        Assert.Null(first.Warning);
        Assert.Equal(GoldenFeatures.Values(new Mfcc(MfccOptions.AsWritten, CPU).Extract(GoldenFeatures.Clip("halfsil_32k"))), computed[3]);
        Assert.Empty(computed[2]);

        foreach (var recording in recordings)
            File.Delete(recording.Path);
        var second = Open();
        var cached = second.Load(recordings, cancellationToken: Token);
        Assert.Equal(computed, cached.Select(GoldenFeatures.Values));
        Assert.All(cached, matrix => Assert.Equal(39, matrix.shape[1]));
        Assert.All(cached, matrix => Assert.Equal(ScalarType.Float32, matrix.dtype));
        Assert.Equal((0, 0), (second.Computed, second.Damaged));
    }

    [Fact]
    public void DifferentOptionsHaveDifferentEntries()
    {
        var recordings = new[] { Copy("noise_16k") };
        Load(Open(), recordings);
        var normalised = Open(MfccOptions.AsWritten with { Cmvn = true });
        Load(normalised, recordings);
        Assert.Equal(1, normalised.Computed);
        Assert.Equal(2, Entries().Length);
        Assert.Equal(2, Directory.GetFiles(CacheFolder, "features.txt", SearchOption.AllDirectories).Length);
    }

    public static TheoryData<string> DamageKinds() => ["cut", "emptied", "header bit", "data bit", "checksum bit", "lengthened", "text"];

    [Theory]
    [MemberData(nameof(DamageKinds))]
    public void ADamagedEntryIsDetectedAndRecomputed(string damage)
    {
        var recordings = new[] { Copy("noise_16k") };
        var expected = Load(Open(), recordings);
        var entry = Assert.Single(Entries());
        var bytes = File.ReadAllBytes(entry);
        var intact = bytes.ToArray();
        switch (damage)
        {
            case "cut": bytes = bytes[..^1]; break;
            case "emptied": bytes = []; break;
            case "header bit": bytes[30] ^= 1; break;
            case "data bit": bytes[bytes.Length / 2] ^= 1; break;
            case "checksum bit": bytes[^1] ^= 128; break;
            case "lengthened": bytes = [.. bytes, 0]; break;
            default: bytes = "not an array at all"u8.ToArray(); break;
        }

        File.WriteAllBytes(entry, bytes);
        var store = Open();
        Assert.Equal(expected, Load(store, recordings));
        Assert.Equal((1, 1), (store.Computed, store.Damaged));
        Assert.Equal(intact, File.ReadAllBytes(entry));
    }

    [Fact]
    public void AnEntryUnderTheNameOfAnotherRecordingIsDetected()
    {
        var recordings = new[] { Copy("noise_16k"), Copy("noise_32k") };
        var expected = Load(Open(), recordings);
        var entries = recordings.Select(r => Entries().Single(e => e.Contains(r.Hash, StringComparison.Ordinal))).ToArray();
        File.Copy(entries[0], entries[1], overwrite: true);
        var store = Open();
        Assert.Equal(expected, Load(store, recordings));
        Assert.Equal((1, 1), (store.Computed, store.Damaged));
    }

    [Fact]
    public void ARecordingThatChangedSinceTheCorpusWasOpenedIsAnErrorAndNotSaved()
    {
        var recording = Copy("noise_16k");
        File.Copy(TestPaths.Golden("wav", "spA_16k.wav"), recording.Path, overwrite: true);
        var error = Assert.Throws<AudioException>(() => Open().Load([recording], cancellationToken: Token));
        Assert.Equal(recording.Path, error.Path);
        Assert.Contains("changed since the corpus was opened", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(CacheFolder));
    }

    [Fact]
    public void AnUnwritableFolderGivesAWarningAndTheFeaturesAreComputed()
    {
        File.WriteAllText(CacheFolder, "a file where the folder should be");
        var recordings = new[] { Copy("noise_16k"), Copy("noise_32k") };
        var store = Open();
        Assert.Equal([132 * 39, 132 * 39], Load(store, recordings).Select(values => values.Length));
        Assert.Contains("not kept", store.Warning, StringComparison.Ordinal);
        Assert.Contains(CacheFolder, store.Warning, StringComparison.Ordinal);
    }

    private sealed class ProgressRecorder : IProgress<WorkProgress>
    {
        public List<WorkProgress> All { get; } = [];

        public void Report(WorkProgress value) => All.Add(value);
    }

    [Fact]
    public void ProgressEndsAtAllRecordings()
    {
        var reports = new ProgressRecorder();
        using var scope = NewDisposeScope();
        var recordings = Recordings();
        Assert.Equal(4, Open().Load(recordings, reports, Token).Count);
        Assert.Equal(["features 0/4", "features 4/4"], reports.All.Select(r => $"{r.Work} {r.Done}/{r.Total}"));
        reports.All.Clear();
        Assert.Equal(4, Open().Load(recordings, reports, Token).Count);
        Assert.Equal(["features 4/4"], reports.All.Select(r => $"{r.Work} {r.Done}/{r.Total}"));
    }

    /// <summary>
    /// A batch holds up to ten minutes according to the corpus. Recordings with a stated duration of six minutes are computed one by one,
    /// and the first is saved before the cancellation.
    /// </summary>
    [Fact]
    public void CancellingKeepsFinishedEntriesAndLeavesNoTensors()
    {
        Recording[] recordings = [.. Recordings().Select(r => r with { DurationSeconds = 360 })];
        using var source = new CancellationTokenSource();
        var live = LiveTensors.CountSettled();
        var afterFirst = new CancelAfterFirst(source);
        Assert.Throws<OperationCanceledException>(() => Open().Load(recordings, afterFirst, source.Token));
        Assert.Single(Entries());
        Assert.Equal(live, Tensor.TotalCount);
    }

    private sealed class CancelAfterFirst(CancellationTokenSource source) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value)
        {
            if (value.Done == 1)
                source.Cancel();
        }
    }

    [Fact]
    public void RepeatedLoadsLeaveNoTensorBehind()
    {
        var recordings = Recordings();
        var live = LiveTensors.CountSettled();
        for (var i = 0; i < 3; i++)
        {
            foreach (var matrix in Open().Load(recordings, cancellationToken: Token))
                matrix.Dispose();
            Assert.Equal(live, Tensor.TotalCount);
        }
    }

    [Fact]
    public void EntriesAreNumPyFilesOfVersionOne()
    {
        Load(Open(), [Copy("noise_16k")]);
        var bytes = File.ReadAllBytes(Assert.Single(Entries()));
        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0], bytes[..8]);
        var header = BitConverter.ToUInt16(bytes, 8);
        Assert.Equal(0, (10 + header) % 64);
        var text = System.Text.Encoding.ASCII.GetString(bytes, 10, header);
        Assert.Matches(@"^\{'descr': '<f4', 'fortran_order': False, 'shape': \(132, 39\), \} *\n$", text);
        Assert.Equal(10 + header + 132 * 39 * 4 + 32, bytes.Length);
    }
}
