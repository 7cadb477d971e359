using System.Buffers.Binary;
using System.Numerics;
using DeviceId.Models;
using DeviceId.Tests.Models;
using DeviceId.Training;
using Tensorboard;

namespace DeviceId.Tests.Training;

[Collection(TensorCollection.Name)]
public sealed class TensorBoardLogTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _notices = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EachEpochIsFourScalarsAtItsStepAndTheTrainingTimeSoFar()
    {
        var run = Log.Begin(Start, "06-systems", "PSTNN", "sentence-001, seed 1");
        run.Report(new EpochResult(1, 3.25, 0.125, 0.001, 10.25));
        run.Report(new EpochResult(2, 1.5, 0.75, 0.0001, 9.5));
        var events = Read(Path.Combine("06-systems", "PSTNN", "sentence-001, seed 1"));
        Assert.Equal("brain.Event:2", events[0].FileVersion);
        (string, float, long, double)[] expected =
        [
            ("loss/train", 3.25f, 1, 10), ("accuracy/train", 0.125f, 1, 10),
            ("learning_rate", 0.001f, 1, 10), ("seconds/epoch", 10.25f, 1, 10),
            ("loss/train", 1.5f, 2, 19), ("accuracy/train", 0.75f, 2, 19),
            ("learning_rate", 0.0001f, 2, 19), ("seconds/epoch", 9.5f, 2, 19),
        ];
        Assert.Equal(expected, events.Skip(1).Select(e => (
            e.Summary.Value[0].Tag, e.Summary.Value[0].SimpleValue, e.Step, e.WallTime - Start.ToUnixTimeSeconds())));
        Assert.Empty(_notices);
    }

    [Fact]
    public void HeldOutAccuracyIsLoggedForTheEpochsThatHaveIt()
    {
        var run = Log.Begin(Start, "run");
        run.Report(new EpochResult(1, 3, 0.5, 0.001, 1));
        run.Report(new EpochResult(2, 2, 0.75, 0.001, 1) { HeldOutAccuracy = 0.625 });
        var heldOut = Assert.Single(Read("run").Skip(1), e => e.Summary.Value[0].Tag == "accuracy/held-out");
        Assert.Equal((2, 0.625f), (heldOut.Step, heldOut.Summary.Value[0].SimpleValue));
    }

    [Fact]
    public void ARunThatIsRepeatedReplacesItsOwnFilesAndNoOthers()
    {
        Log.Begin("run").Report(new EpochResult(1, 3, 0.5, 0.001, 1));
        var foreign = _folder.File("run/events.out.tfevents.1.host");
        File.WriteAllText(foreign, "of another program");
        Log.Begin("run").Report(new EpochResult(1, 2, 0.5, 0.001, 1));
        Assert.Equal("of another program", File.ReadAllText(foreign));
        Assert.Equal(2, Read("run")[1].Summary.Value[0].SimpleValue);
    }

    [Fact]
    public void AResumedTrainingLogsAllItsEpochs()
    {
        using var data = TrainingSamples.Make();
        using (var stop = new CancellationTokenSource())
            Assert.Throws<OperationCanceledException>(() => Fit(r => { if (r.Epoch == 4) stop.Cancel(); }, stop.Token));
        Assert.Equal([1, 2, 3], Epochs());
        Fit(_ => { }, TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 3, 4, 5, 6], Epochs());

        void Fit(Action<EpochReport> onReport, CancellationToken token)
        {
            using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingSamples.Options.Seed);
            var trainer = new Trainer(network, TrainingSamples.Options, TorchSharp.torch.CPU) { Epochs = Log.Begin("run") };
            trainer.Fit(data, new OnReport(onReport), TrainingSamples.AfterEveryBatch(_folder.File("checkpoint")), cancellationToken: token)
                .Dispose();
        }

        IEnumerable<long> Epochs() => Read("run").Skip(1).Select(e => e.Step).Distinct();
    }

    [Fact]
    public void AFolderThatCannotBeWrittenIsReportedOnceAndTheTrainingContinues()
    {
        File.WriteAllText(_folder.File("run"), "a file");
        var run = Log.Begin("run");
        run.Report(new EpochResult(1, 3, 0.5, 0.001, 1));
        run.Report(new EpochResult(2, 3, 0.5, 0.001, 1));
        Assert.Contains("continues without it", Assert.Single(_notices), StringComparison.Ordinal);
        Assert.Equal("a file", File.ReadAllText(_folder.File("run")));
    }

    [Theory]
    [InlineData("DNN + Bi-LSTM, 0.25 : 0.5 : 0.25", "DNN + Bi-LSTM, 0.25 - 0.5 - 0.25")]
    [InlineData("framing (16/8 ms)", "framing (16-8 ms)")]
    [InlineData("..", "run")]
    [InlineData("a\\b\n", "a-b-")]
    public void ANameIsAFolderInsideTheLog(string name, string folder) => Assert.Equal(folder, TensorBoardLog.FolderName(name));

    private TensorBoardLog Log => new(_folder.Path, _notices.Add);

    /// <summary>The records of the run's own file; checksums are checked by the processor's CRC-32C, not by TorchSharp's.</summary>
    private List<Event> Read(string run)
    {
        var bytes = File.ReadAllBytes(Assert.Single(Directory.GetFiles(_folder.File(run), "*.deviceid"))).AsSpan();
        var events = new List<Event>();
        while (bytes.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
            Assert.Equal(MaskedCrc(bytes[..8]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]));
            var record = bytes.Slice(12, length);
            Assert.Equal(MaskedCrc(record), BinaryPrimitives.ReadUInt32LittleEndian(bytes[(12 + length)..]));
            events.Add(Event.Parser.ParseFrom(record.ToArray()));
            bytes = bytes[(16 + length)..];
        }

        return events;
    }

    private static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        var crc = ~0u;
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8u;
    }
}
