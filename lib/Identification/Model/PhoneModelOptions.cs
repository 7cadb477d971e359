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
/// Training settings of a <see cref="PhoneModel"/>. The defaults are those of the best system in the README's results: the PSTNN on 60
/// filters and 30 cepstra without deltas.
/// </summary>
public sealed record PhoneModelOptions : Options
{
    /// <summary>Front end: how recordings become samples.</summary>
    public FrontEndOptions FrontEnd { get; init; } = Profile.Standard.FrontEnd.WithFinerSpectrum();

    /// <summary>The network and its training. The training's seed determines all random choices.</summary>
    public NetworkClassifierOptions Classifier { get; init; } = new()
    {
        Network = new PstnnOptions { Embedding = Profile.Standard.Embedding }, Training = Profile.Standard.Training,
    };

    /// <summary>
    /// Log-mel spectra for the similarity of recordings and devices (<see cref="WccnCosineScorer"/>), 4 to 200 mel bands.
    /// </summary>
    public LogMelOptions Spectra { get; init; } = new() { Filters = 80 };

    /// <summary>
    /// Number of folds of the recordings, held out in turn for calibration; at least 2. Each fold costs one training more.
    /// </summary>
    public int Folds { get; init; } = 3;

    /// <summary>Seed of all random choices.</summary>
    internal long Seed => Classifier.Training.Seed;

    /// <summary>
    /// Settings of a profile: <c>standard</c> is the default; <c>quick</c> trains a network of a quarter of the width in a fraction of the
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
        Folds = profile.HasSizeOf(Profile.Smoke) ? 2 : 3,
    };

    /// <summary>A copy with changed training options.</summary>
    /// <param name="change">Returns the changed options, usually by a <c>with</c> expression.</param>
    public PhoneModelOptions WithTraining(Func<TrainingOptions, TrainingOptions> change) =>
        this with { Classifier = Classifier with { Training = change(Classifier.Training) } };

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        var problems = FrontEnd.Problems().Concat(Classifier.Problems()).ToList();
        foreach (var problem in (problems.Count > 0 ? problems : Classifier.ProblemsWith(FrontEnd)).Concat(Spectra.Problems()))
            yield return problem;
        if (Spectra.Filters is < 4 or > 200)
            yield return $"Spectra.Filters is {Spectra.Filters}: it must be between 4 and 200.";
        if (FrontEnd.Features.Count > 0 && !Spectra.HasSameFrames(FrontEnd.Features[0]))
            yield return "Spectra: its frames must be those of the front end's features.";
        if (Folds < 2)
            yield return $"Folds is {Folds}: it must be at least 2, because calibration needs held-out recordings.";
    }

    /// <summary>A copy with a sampling rate: if none is set, the lowest of the corpus's recordings.</summary>
    internal PhoneModelOptions For(Corpus corpus) =>
        this with { FrontEnd = FrontEnd with { SampleRate = FrontEnd.SampleRate ?? corpus.Recordings.Min(r => r.SampleRate) } };

    /// <summary>Creates the extractor of the log-mel spectra.</summary>
    /// <param name="device">Compute device.</param>
    public IFrameFeatures CreateSpectra(Device device) => FrontEnd.Prepare(Spectra.Create(device));
}
