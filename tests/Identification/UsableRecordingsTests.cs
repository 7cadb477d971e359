using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Identification;
using static TorchSharp.torch;

namespace DeviceId.Tests.Identification;

[Collection(TensorCollection.Name)]
public sealed class UsableRecordingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AStudyReportsSilentAndTooShortRecordingsBeforeTraining()
    {
        var random = new Random(3);
        foreach (var device in new[] { "blue", "green", "red" })
            foreach (var sentence in new[] { "hall", "kitchen", "garden" })
                Write($"{device}/{sentence}", [.. Enumerable.Range(0, 16000).Select(_ => random.NextSingle() - 0.5f)]);
        Write("red/kitchen", [.. Enumerable.Range(0, 60).Select(i => i / 60f)]);

        var corpus = DeviceFolders.Open(_folder.File("own"));
        // Silenced after the corpus was opened: a silent recording would not have been included.
        Write("green/hall", new float[16000]);
        var options = SmallModel.Options.WithTraining(training => training with { Epochs = 1 }) with { Folds = 2 };
        var message = Assert.Throws<CorpusException>(() => PhoneModelStudy.Run(corpus, options, _folder.File("cache"), CPU)).Message;

        Assert.Contains("2 recordings", message, StringComparison.Ordinal);
        Assert.Contains($"'{Path.Combine(_folder.Path, "own", "green", "hall.wav")}': there is no sound in it", message,
            StringComparison.Ordinal);
        Assert.Contains($"'{Path.Combine(_folder.Path, "own", "red", "kitchen.wav")}': it lasts 0.008 s", message,
            StringComparison.Ordinal);
        // No features have been computed, so nothing has been trained.
        Assert.False(Directory.Exists(_folder.File("cache")));
    }

    private void Write(string name, float[] samples) => WaveFile.Write(_folder.File($"own/{name}.wav"), new AudioClip(samples, 8000));
}
