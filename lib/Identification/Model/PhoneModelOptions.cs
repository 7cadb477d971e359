using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Experiments;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>
/// How a <see cref="PhoneModel"/> is trained. The defaults are those of the best system of the comparison (README, results): the PSTNN on
/// 60 filters and 30 cepstra without deltas.
/// </summary>
public sealed record PhoneModelOptions : Options
{
    /// <summary>How recordings become samples.</summary>
    public FrontEndOptions FrontEnd { get; init; } = Profile.Standard.FrontEnd.WithFinerSpectrum();

    /// <summary>The network and how it is trained. Its seed decides everything random.</summary>
    public NetworkClassifierOptions Classifier { get; init; } = new()
    {
        Network = new PstnnOptions { Embedding = Profile.Standard.Embedding }, Training = Profile.Standard.Training,
    };

    /// <summary>
    /// The logarithmic spectra that recordings and devices are compared by (<see cref="WccnCosineScorer"/>), 4 to 200 mel bands.
    /// </summary>
    public LogMelOptions Spectra { get; init; } = new() { Filters = 80 };

    /// <summary>
    /// Parts of the recordings that are held out in turn, to learn what the answers are worth; at least 2. As many trainings more.
    /// </summary>
    public int Folds { get; init; } = 3;

    /// <summary>Decides everything random.</summary>
    internal long Seed => Classifier.Training.Seed;

    /// <summary>
    /// A model of a profile's size: <c>standard</c> is the default, <c>quick</c> a network of a quarter of the width in a fraction of the
    /// time.
    /// </summary>
    /// <param name="profile">The profile.</param>
    public static PhoneModelOptions Sized(Profile profile) => new()
    {
        FrontEnd = profile.FrontEnd.WithFinerSpectrum(),
        Classifier = new NetworkClassifierOptions
        {
            Network = new PstnnOptions { Embedding = profile.Embedding }, Training = profile.Training,
        },
        Folds = profile.Name == Profile.Smoke.Name ? 2 : 3,
    };

    /// <summary>The same with another training.</summary>
    /// <param name="change">What is changed, by a <c>with</c>.</param>
    public PhoneModelOptions WithTraining(Func<TrainingOptions, TrainingOptions> change) =>
        this with { Classifier = Classifier with { Training = change(Classifier.Training) } };

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        var problems = FrontEnd.Problems().Concat(Classifier.Problems()).ToList();
        foreach (var problem in (problems.Count > 0 ? problems : Classifier.ProblemsWith(FrontEnd)).Concat(Spectra.Problems()))
            yield return problem;
        if (Spectra.Filters is < 4 or > 200)
            yield return $"Spectra.Filters is {Spectra.Filters}: it lies between 4 and 200.";
        if (FrontEnd.Features.Count > 0 && !Spectra.HasFramesOf(FrontEnd.Features[0]))
            yield return "Spectra: its frames are not those of the front end's features.";
        if (Folds < 2)
            yield return $"Folds is {Folds}: without two at least nothing is held out, and the probabilities mean nothing.";
    }

    /// <summary>The settings with a sampling rate: where none is set, the lowest of a corpus's recordings.</summary>
    internal PhoneModelOptions For(Corpus corpus) =>
        this with { FrontEnd = FrontEnd with { SampleRate = FrontEnd.SampleRate ?? corpus.Recordings.Min(r => r.SampleRate) } };

    /// <summary>Makes what computes the logarithmic spectra of the frames.</summary>
    /// <param name="device">Where they are computed.</param>
    public IFrameFeatures CreateSpectra(Device device)
    {
        var bands = Spectra.Create(device);
        return FrontEnd.SampleRate is { } rate ? new FeaturesAtRate(bands, rate) : bands;
    }
}
