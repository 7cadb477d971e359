using DeviceId.Audio;
using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Experiments;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Identification;
using DeviceId.Models;
using static TorchSharp.torch;

namespace DeviceId.Fuzz;

/// <summary>
/// Models of phones. They hold too many values to be fuzzed: the fuzzer changes the description, and the input's bytes replace only the
/// first of a real model's tensors.
/// </summary>
internal sealed class PhoneModelTarget() : FuzzTarget("phone-model", typeof(ModelFileException))
{
    private const string Kind = "model of phones";

    private static readonly PhoneModelOptions Small = new()
    {
        FrontEnd = Profile.Smoke.FrontEnd with
        {
            SegmentFrames = 2,
            TrainingWindows = [new SegmentWindow(2, 2)],
            Background = Profile.Smoke.FrontEnd.Background with { Components = 1 },
            Features = [new MfccOptions { Coefficients = 2, Deltas = false }],
        },
        Classifier = new NetworkClassifierOptions
        {
            Network = new PstnnOptions { Embedding = 16, LstmUnits = [2, 2] },
            Training = Profile.Smoke.Training with { Epochs = 1, SamplesPerEpoch = 4 },
        },
        Spectra = new LogMelOptions { Filters = 4 },
        Folds = 2,
    };

    private static readonly AudioClip QuestionedRecording = Noise(7);

    private byte[]? _seed;
    private byte[] _tensorBytes = [];

    public override IEnumerable<byte[]> Seeds() => [CreateSeed()];

    protected override void Prepare() => CreateSeed();

    protected override void Read(byte[] input)
    {
        WithFile("phones", ModelInput.ToFile(Kind, input, _tensorBytes), path =>
        {
            using var model = PhoneModel.Load(path, CPU);
            try
            {
                var identification = model.Identify(QuestionedRecording);
                Require(identification.Candidates.Count == model.Facts.Devices.Count, "a device is missing from the candidates");
            }
            catch (ArgumentException)
            {
                // Documented: the sampling rate does not suit the model's settings, or the recording is too short for them.
            }
        });
    }

    private byte[] CreateSeed()
    {
        if (_seed is not null)
            return _seed;
        var folder = Directory.CreateDirectory(Path.Combine(Scratch.Folder, "phones-seed")).FullName;
        // Enough devices and sentences to hold some out for the comparison of spectra.
        for (var i = 0; i < 20; i++)
            WaveFile.Write(Path.Combine(folder, $"{(char)('a' + (i / 4))}_{(i % 4) + 1}.wav"), Noise(i));
        ComputeDevice.Load();
        using var model = PhoneModel.Train(CcnuMobile.Open(folder), Small, Path.Combine(folder, "cache"), CPU);
        var path = Path.Combine(folder, "model");
        Require(model.SimilarityCalibration is not null, "the seed model has no comparison of spectra");
        model.Save(path);
        var input = ModelInput.FromFile(path);
        var lines = input.AsSpan().IndexOf((byte)'\n') + 1;
        lines += input.AsSpan(lines).IndexOf((byte)'\n') + 1;
        (_seed, _tensorBytes) = (input[..lines], input[lines..]);
        return _seed;
    }

    private static AudioClip Noise(int seed)
    {
        var random = new SplitMix64((ulong)seed);
        return new AudioClip([.. Enumerable.Range(0, 1600).Select(_ => (float)random.Uniform(-0.5, 0.5))], 8000);
    }
}
