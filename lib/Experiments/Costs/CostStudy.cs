using System.Diagnostics;
using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Training;

namespace DeviceId.Experiments;

/// <summary>Measures the costs of an experiment's variants: all of them in turn, then all again in reverse order, and so on.</summary>
/// <param name="pipeline">Trains systems on recordings.</param>
/// <param name="corpus">The recordings.</param>
internal sealed class CostStudy(Pipeline pipeline, Corpus corpus)
{
    private const int Rounds = 5;
    private const int StepsPerRound = 8;
    private const int SegmentsPerRound = 9;

    /// <summary>Receives a report after each measurement.</summary>
    public IProgress<WorkProgress>? Progress { get; init; }

    /// <summary>Measures the variants on the first split of the profile.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="variants">Its variants.</param>
    /// <param name="profile">Splits and seeds.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public CostResult Measure(
        Experiment experiment, IReadOnlyList<Variant> variants, Profile profile, CancellationToken cancellationToken = default)
    {
        var split = profile.Splits(corpus)[0];
        // A list: each evaluation would divide the corpus and hash the settings again.
        var trials = variants.Select(variant => Experiment.Trials(variant, profile, corpus).First(trial => trial.Split == split.Name))
            .ToList();
        var systems = trials.DistinctBy(trial => trial.Key).ToDictionary(trial => trial.Key, trial => new Measurement(trial.Settings));
        var samples = new Dictionary<string, PreparedSamples>();
        try
        {
            foreach (var (_, system) in systems)
                system.Samples = Prepare(samples, system.Settings, split, cancellationToken);
            var done = 0;
            for (var round = 0; round < Rounds; round++)
                foreach (var system in round % 2 == 0 ? systems.Values : systems.Values.Reverse())
                {
                    MeasureOnce(system, cancellationToken);
                    Progress?.Report(new WorkProgress("measuring costs", ++done, Rounds * systems.Count));
                }
        }
        finally
        {
            foreach (var prepared in samples.Values)
                prepared.Dispose();
        }

        var rows = variants.Zip(trials, (variant, trial) => systems[trial.Key].Row(trial, variant));
        return new CostResult(
            experiment.Id, profile.Name, corpus.Fingerprint, RunEnvironment.Here(pipeline.Device), DateTime.UtcNow, [.. rows]);
    }

    private PreparedSamples Prepare(
        Dictionary<string, PreparedSamples> prepared, TrialSettings settings, Split split, CancellationToken cancellationToken)
    {
        var key = Json.WriteCompact(new { settings.Sentences, settings.FrontEnd });
        if (!prepared.TryGetValue(key, out var samples))
            samples = prepared[key] =
                pipeline.Prepare(TrialRunner.TrainingPart(settings, split), settings.FrontEnd, cancellationToken: cancellationToken);
        return samples;
    }

    private void MeasureOnce(Measurement measurement, CancellationToken cancellationToken)
    {
        var (samples, classifier) = (measurement.Samples!, measurement.Settings.Classifier);
        var clock = Stopwatch.StartNew();
        using var system = pipeline.Train(samples, Shortened(classifier), seed: 1, cancellationToken: cancellationToken);
        var seconds = clock.Elapsed.TotalSeconds;
        if (system.Log is [var epoch] && classifier is NetworkClassifierOptions { Training: var training })
            seconds = epoch.Seconds * Steps(training, samples) / Steps(Shortened(training), samples);
        measurement.TrainingSeconds.Add(seconds);
        measurement.SegmentMilliseconds.Add(SegmentTime.Milliseconds(system, samples.Train.Recordings[0].SampleRate, SegmentsPerRound));
    }

    /// <summary>A network that is trained for a few steps only; other systems as they are.</summary>
    private static ClassifierOptions Shortened(ClassifierOptions classifier) =>
        classifier is NetworkClassifierOptions network ? network with { Training = Shortened(network.Training) } : classifier;

    private static TrainingOptions Shortened(TrainingOptions training) =>
        training with { Epochs = 1, SamplesPerEpoch = StepsPerRound * training.BatchSize };

    private static double Steps(TrainingOptions training, PreparedSamples samples) => training.Epochs
        * (double)new BatchSampler(samples.Train.Count, training.BatchSize, training.Seed, training.SamplesPerEpoch).BatchCount;

    /// <summary>The measurements of a system; variants that read other outputs of it share them.</summary>
    private sealed class Measurement(TrialSettings settings)
    {
        public TrialSettings Settings { get; } = settings;

        public PreparedSamples? Samples { get; set; }

        public List<double> SegmentMilliseconds { get; } = [];

        public List<double> TrainingSeconds { get; } = [];

        public CostRow Row(Trial trial, Variant variant)
        {
            var isHalf = TrialOutput.IsHalfWay(variant.Output);
            var share = isHalf && Settings.Classifier is NetworkClassifierOptions { Training.Epochs: var epochs }
                ? (epochs + 1) / 2 / (double)epochs : 1;
            return new(trial.Key, variant.Name, variant.Output, [.. SegmentMilliseconds.Select(Rounded)],
                [.. TrainingSeconds.Select(seconds => Rounded(seconds * share))]);
        }

        private static double Rounded(double time) => Math.Round(time, 4);
    }
}
