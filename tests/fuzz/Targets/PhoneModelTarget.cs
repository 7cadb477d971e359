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
/// Models of phones. They hold too many numbers to be changed one by one: an input's numbers take the place of the first of a real model's,
/// and it is the description that is changed.
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

    private static readonly AudioClip Question = Noise(7);

    private byte[]? _seed;
    private byte[] _numbers = [];

    public override IEnumerable<byte[]> Seeds() => [Seed()];

    protected override void Prepare() => Seed();

    protected override void Read(byte[] input)
    {
        WithFile("phones", ModelInput.ToFile(Kind, input, _numbers), path =>
        {
            using var model = PhoneModel.Load(path, CPU);
            try
            {
                var answer = model.Identify(Question);
                Require(answer.Candidates.Count == model.Facts.Devices.Count, "a device is missing from the answer");
            }
            catch (ArgumentException)
            {
                // Documented: a rate that does not suit the model's settings, or too short a recording for them.
            }
        });
    }

    private byte[] Seed()
    {
        if (_seed is not null)
            return _seed;
        var folder = Directory.CreateDirectory(Path.Combine(Scratch.Folder, "phones-seed")).FullName;
        // As many devices and sentences as the comparison of spectra needs to hold some out.
        for (var i = 0; i < 20; i++)
            WaveFile.Write(Path.Combine(folder, $"{(char)('a' + (i / 4))}_{(i % 4) + 1}.wav"), Noise(i));
        ComputeDevice.Load();
        using var model = PhoneModel.Train(CcnuMobile.Open(folder), Small, Path.Combine(folder, "cache"), CPU);
        var path = Path.Combine(folder, "model");
        Require(model.SimilarityCalibration is not null, "the seed holds no comparison of spectra");
        model.Save(path);
        var whole = ModelInput.FromFile(path);
        var lines = whole.AsSpan().IndexOf((byte)'\n') + 1;
        lines += whole.AsSpan(lines).IndexOf((byte)'\n') + 1;
        (_seed, _numbers) = (whole[..lines], whole[lines..]);
        return _seed;
    }

    private static AudioClip Noise(int seed)
    {
        var random = new SplitMix64((ulong)seed);
        return new AudioClip([.. Enumerable.Range(0, 1600).Select(_ => (float)random.Uniform(-0.5, 0.5))], 8000);
    }
}
