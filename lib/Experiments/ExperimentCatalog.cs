using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Models;
using DeviceId.Training;

namespace DeviceId.Experiments;

/// <summary>All experiments: six of the paper, then ours.</summary>
public static class ExperimentCatalog
{
    private const string BothBranches = "DNN + Bi-LSTM";

    /// <summary>In the order of their notebooks.</summary>
    public static IReadOnlyList<Experiment> All { get; } =
    [
        new("01-ubm-size", "Size of the background model", "Do more Gaussians in the background model help?", "Table 4", "64 Gaussians", BackgroundSizes),
        new("02-back-end", "Layers of the back end", "Does the back end need hidden layers, and how many?", "Table 5", "2 layers", BackEnds),
        new("03-networks", "Choice of networks", "Which networks read space and time best, and do two read better than one?", "Table 6", BothBranches, Networks),
        new("04-loss-weights", "Weights of the loss", "Does it help to train the branches' own answers too, and with which weights?", "Table 7", $"{BothBranches}, 0.25 : 0.5 : 0.25", Losses),
        new("05-attention", "Attention or concatenation", "Is it worth learning how much each branch counts?", "Table 8", "attention", Fusions),
        new("06-systems", "PSTNN among other systems", "Is the network better than what there was before, and what does an answer cost?", "Table 9", "PSTNN", Systems),
        new("07-ablations", "What the paper did not vary", "What does the network look at, and what does it need?", null, "as in the other experiments", Ablations),
    ];

    /// <summary>Finds an experiment by its id, or by the number at its beginning.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists all.</exception>
    public static Experiment Named(string id) =>
        All.FirstOrDefault(e => e.Id == id) ?? All.FirstOrDefault(e => e.Id.Split('-')[0] == id)
        ?? throw new ArgumentException($"There is no experiment '{id}'; there are {string.Join(", ", All.Select(e => e.Id))}.", nameof(id));

    private static IReadOnlyList<Variant> BackgroundSizes(TrialSettings shared)
    {
        var smallest = shared.FrontEnd.Background.Components;
        return [.. new[] { 1, 2, 4 }.Select(times => new Variant($"{times * smallest} Gaussians", shared.WithComponents(times * smallest)))];
    }

    private static IReadOnlyList<Variant> BackEnds(TrialSettings shared)
    {
        Variant With(string name, int layers) => new(name, shared with { Network = shared.Network! with { BackEndLayers = layers } });
        return [With("2 layers", 2), With("softmax only", 0), With("1 layer", 1), With("3 layers", 3)];
    }

    /// <summary>The paper's rows at 200 epochs, then the same at 100: half of a training is the beginning of the whole, so one trial serves both.</summary>
    private static IReadOnlyList<Variant> Networks(TrialSettings shared)
    {
        var spatial = new[] { ("DNN", SpatialNetwork.Dnn), ("CNN", SpatialNetwork.Cnn), ("ResNet", SpatialNetwork.ResNet) };
        var temporal = new[] { ("Bi-LSTM", TemporalNetwork.BiLstm), ("LSTM", TemporalNetwork.Lstm) };
        Variant With(string name, SpatialNetwork s, TemporalNetwork t) => new(name, shared with { Network = shared.Network! with { Spatial = s, Temporal = t } });
        Variant[] rows =
        [
            .. from s in spatial from t in temporal select With($"{s.Item1} + {t.Item1}", s.Item2, t.Item2),
            .. from s in spatial select With(s.Item1, s.Item2, TemporalNetwork.None),
            .. from t in temporal select With(t.Item1, SpatialNetwork.None, t.Item2),
        ];
        return [.. rows, .. rows.Select(row => row with { Name = $"{row.Name}, half the epochs", Output = TrialOutput.HalfWay(row.Output) })];
    }

    /// <summary>
    /// The paper writes three weights and does not say which is whose. The permutations of 0.25, 0.25 and 0.5 cover every reading: exchanging the
    /// temporal head and the deep output, the two readings that its text allows, exchanges two rows here and no more.
    /// </summary>
    private static IReadOnlyList<Variant> Losses(TrialSettings shared)
    {
        var weights = new[]
        {
            ("0.25 : 0.5 : 0.25", new LossWeights(0.25, 0.5, 0.25)), ("0.25 : 0.25 : 0.5", new LossWeights(0.25, 0.25, 0.5)),
            ("0.5 : 0.25 : 0.25", new LossWeights(0.5, 0.25, 0.25)), ("equal thirds", new LossWeights(1 / 3.0, 1 / 3.0, 1 / 3.0)),
        };
        var pairs = new[] { (BothBranches, TemporalNetwork.BiLstm), ("DNN + LSTM", TemporalNetwork.Lstm) };
        Variant With(string pair, TemporalNetwork temporal, string name, LossWeights loss, string output = TrialOutput.Deep) => new(
            $"{pair}, {name}", shared with { Network = shared.Network! with { Temporal = temporal }, Training = shared.Training! with { LossWeights = loss } }, output);
        return
        [
            .. from pair in pairs from w in weights select With(pair.Item1, pair.Item2, w.Item1, w.Item2),
            .. from pair in pairs select With(pair.Item1, pair.Item2, "single loss (deep)", new LossWeights(0, 0, 1)),
            With(pairs[0].Item1, pairs[0].Item2, "single loss (spatial)", new LossWeights(1, 0, 0), TrialOutput.Spatial),
            .. from pair in pairs select With(pair.Item1, pair.Item2, "single loss (temporal)", new LossWeights(0, 1, 0), TrialOutput.Temporal),
        ];
    }

    private static IReadOnlyList<Variant> Fusions(TrialSettings shared) =>
    [
        new("attention", shared with { Network = shared.Network! with { Fusion = Fusion.Attention } }),
        new("concatenation", shared with { Network = shared.Network! with { Fusion = Fusion.Concatenation } }),
    ];

    private static IReadOnlyList<Variant> Systems(TrialSettings shared)
    {
        var withoutNetwork = shared with { Network = null, Training = null };
        var framesAlone = shared.FrontEnd with { WithSupervectors = false };
        return
        [
            new("PSTNN", shared),
            new("previous work (reconstruction)", shared with
            {
                System = SystemKind.PreviousWork,
                FrontEnd = shared.FrontEnd with { Added = AddedFeatures.LogMelEnergies },
                Network = null,
                PreviousWork = new PreviousWorkOptions
                {
                    Devices = shared.Network!.Devices, Components = shared.Network.Components, Coefficients = shared.Network.Coefficients,
                    Frames = shared.Network.Frames, LogMelEnergies = shared.FrontEnd.AddedBands, Embedding = shared.Network.Embedding,
                },
            }),
            new("GMM-UBM", withoutNetwork with { System = SystemKind.GmmUbm, FrontEnd = shared.FrontEnd with { StandardiseSegments = false, TrainingWindows = [new(shared.FrontEnd.SegmentFrames, shared.FrontEnd.SegmentFrames)] } }),
            new("GSV-SVM", withoutNetwork with { System = SystemKind.GsvSvm, FrontEnd = shared.FrontEnd with { Supervectors = SupervectorStandardisation.None } }),
            new("BED-SVM", withoutNetwork with { System = SystemKind.BedSvm, FrontEnd = framesAlone with { Added = AddedFeatures.BandEnergyDifferences, StandardiseSegments = false } }),
            new("mean and deviation + SVM", shared.AsFloor()),
            new("PSTNN on a finer spectrum", shared.WithFinerSpectrum()),
        ];
    }

    private static IReadOnlyList<Variant> Ablations(TrialSettings shared)
    {
        var frontEnd = shared.FrontEnd;
        Variant Cepstra(string name, Func<MfccOptions, MfccOptions> change) => new(name, shared with { FrontEnd = frontEnd with { Mfcc = change(frontEnd.Mfcc) } });
        Variant Tau(double tau) => new(FormattableString.Invariant($"relevance factor {tau}"), shared with { FrontEnd = frontEnd with { RelevanceFactor = tau } });
        Variant Segments(string name, int frames, bool heavy = false) => new(name, shared.WithSegmentFrames(frames)) { HasOtherSegments = true, IsHeavy = heavy };
        Variant Looking(string name, FrameSelection frames) => new(name, shared with { FrontEnd = frontEnd with { Frames = frames } }) { HasOtherSegments = true };
        return
        [
            new("as in the other experiments", shared),
            Cepstra("CMVN", mfcc => mfcc with { Cmvn = true }),
            Cepstra("level normalised", mfcc => mfcc with { LevelNormalisation = true }),
            Cepstra("up to 8 kHz", mfcc => mfcc with { HighHertz = 8000 }),
            Cepstra("up to 4 kHz", mfcc => mfcc with { HighHertz = 4000 }),
            Cepstra("from 4 kHz", mfcc => mfcc with { LowHertz = 4000 }),
            new("finer spectrum (60 filters, 30 cepstra, no slopes)", shared.WithFinerSpectrum()),
            Looking("speech alone", FrameSelection.Speech),
            Looking("pauses alone", FrameSelection.Pauses),
            new("1 sentence to train on", shared with { Sentences = 1 }),
            new("2 sentences to train on", shared with { Sentences = 2 }),
            Segments("segments of 16 frames (0.25 s)", 16),
            Segments("segments of 32 frames (0.5 s)", 32),
            Segments("segments of 128 frames (1.9 s)", 128, heavy: true),
            Segments("segments of 512 frames (7.7 s)", 512, heavy: true),
            Tau(2),
            Tau(50),
            new("plain training windows", shared with { FrontEnd = frontEnd with { TrainingWindows = [new(frontEnd.SegmentFrames, frontEnd.SegmentFrames)] } }),
            AsCounted(shared),
        ];
    }

    /// <summary>The framing that the published parameter count tells of: VOICEBOX's default frames, 685 of them a sample.</summary>
    private static Variant AsCounted(TrialSettings shared)
    {
        var counted = shared.WithSegmentFrames(PstnnOptions.AsCounted.Frames);
        return new("framing as counted (16/8 ms, 685 frames)", counted with { FrontEnd = counted.FrontEnd with { Mfcc = MfccOptions.Melcepst } }) { HasOtherSegments = true, IsHeavy = true };
    }
}
