using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Experiments;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>How a <see cref="PhoneModel"/> is trained. The defaults are those of the best system of the comparison (README, results): the PSTNN on 60 filters and 30 cepstra without slopes.</summary>
public sealed record PhoneModelOptions : Options
{
    /// <summary>How recordings become samples.</summary>
    public FrontEndOptions FrontEnd { get; init; } = Profile.Standard.FrontEnd.WithFinerSpectrum();

    /// <summary>Mel bands of the spectra that recordings and devices are compared by (<see cref="DeviceSpace"/>).</summary>
    public int Bands { get; init; } = 80;

    /// <summary>Width of each branch's output.</summary>
    public int Embedding { get; init; } = Profile.Standard.Embedding;

    /// <summary>How the network is trained.</summary>
    public TrainingOptions Training { get; init; } = Profile.Standard.Training;

    /// <summary>Parts of the recordings that are held out in turn, to learn what the answers are worth; at least 2. As many trainings more.</summary>
    public int Folds { get; init; } = 3;

    /// <summary>A model of a profile's size: <c>standard</c> is the default, <c>quick</c> a network of a quarter of the width in a fraction of the time.</summary>
    /// <param name="profile">The profile.</param>
    public static PhoneModelOptions Sized(Profile profile) => new() { FrontEnd = profile.FrontEnd.WithFinerSpectrum(), Embedding = profile.Embedding, Training = profile.Training, Folds = profile.Name == Profile.Smoke.Name ? 2 : 3 };

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in FrontEnd.Problems().Concat(Training.Problems()).Concat(Network(2).Problems()))
            yield return problem;
        if (Bands is < 4 or > 200)
            yield return $"Bands is {Bands}: it lies between 4 and 200.";
        if (Folds < 2)
            yield return $"Folds is {Folds}: without two at least nothing is held out, and the probabilities mean nothing.";
    }

    /// <summary>The network for a number of devices.</summary>
    public PstnnOptions Network(int devices) => new()
    {
        Devices = devices,
        Components = FrontEnd.Background.Components,
        Frames = FrontEnd.SegmentFrames,
        Coefficients = FrontEnd.Mfcc.Dimension,
        Embedding = Embedding,
    };

    /// <summary>The settings with a sampling rate: where none is set, the lowest of a corpus's recordings.</summary>
    internal PhoneModelOptions For(Corpus corpus) => this with { FrontEnd = FrontEnd with { SampleRate = FrontEnd.SampleRate ?? corpus.Recordings.Min(r => r.SampleRate) } };

    /// <summary>The logarithmic spectra of the frames.</summary>
    /// <param name="device">Where they are computed.</param>
    public IFrameFeatures Spectra(Device device)
    {
        var bands = new LogMelEnergies(FrontEnd.Mfcc, Bands, device);
        return FrontEnd.SampleRate is { } rate ? new FeaturesAtRate(bands, rate) : bands;
    }
}
