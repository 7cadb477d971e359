using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;

namespace DeviceId.Experiments;

/// <summary>Everything that determines a trial's result but corpus, split and seed: two variants of an experiment differ here and nowhere else.</summary>
public sealed record TrialSettings : Options
{
    /// <summary>The system.</summary>
    public SystemKind System { get; init; }

    /// <summary>How recordings become samples.</summary>
    public required FrontEndOptions FrontEnd { get; init; }

    /// <summary>The network of <see cref="SystemKind.Pstnn"/>; null for other systems.</summary>
    public PstnnOptions? Network { get; init; }

    /// <summary>The network of <see cref="SystemKind.PreviousWork"/>; null for other systems.</summary>
    public PreviousWorkOptions? PreviousWork { get; init; }

    /// <summary>How a network is trained; null for systems without one. The seed in it is set from the trial's.</summary>
    public TrainingOptions? Training { get; init; }

    /// <summary>Sentences to train on, the first of those that the split offers; 0 for all.</summary>
    public int Sentences { get; init; }

    /// <summary>A control: the training recordings' devices are dealt out anew by this seed, and accuracy must fall to chance; null for the truth.</summary>
    public long? PermutedDevices { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in FrontEnd.Problems().Concat(Network?.Problems() ?? []).Concat(PreviousWork?.Problems() ?? []).Concat(Training?.Problems() ?? []))
            yield return problem;
        if (Sentences < 0)
            yield return $"Sentences is {Sentences}: say 0 for all, or how many.";
        if ((System == SystemKind.Pstnn) != (Network is not null) || (System == SystemKind.PreviousWork) != (PreviousWork is not null))
            yield return $"System is {System}: Network belongs to Pstnn, PreviousWork to PreviousWork, and to no other.";
        if (System is SystemKind.Pstnn or SystemKind.PreviousWork != Training is not null)
            yield return $"System is {System}: Training belongs to the networks, and only to them.";
    }

    /// <summary>The same with another background model size, in front end and network alike.</summary>
    public TrialSettings WithComponents(int components) => this with
    {
        FrontEnd = FrontEnd with { Background = FrontEnd.Background with { Components = components } },
        Network = Network is null ? null : Network with { Components = components },
    };

    /// <summary>The same on a finer spectrum (<see cref="FrontEndOptions.WithFinerSpectrum"/>), front end and network alike: with the reference PSTNN, the best system of the comparison.</summary>
    public TrialSettings WithFinerSpectrum()
    {
        var frontEnd = FrontEnd.WithFinerSpectrum();
        return this with { FrontEnd = frontEnd, Network = Network is null ? null : Network with { Coefficients = frontEnd.Mfcc.Dimension } };
    }

    /// <summary>The floor of the comparison on the same frames: mean and deviation, and a support vector machine.</summary>
    public TrialSettings AsFloor() => this with
    {
        System = SystemKind.MeanSvm,
        FrontEnd = FrontEnd with { WithSupervectors = false, StandardiseSegments = false },
        Network = null,
        PreviousWork = null,
        Training = null,
    };

    /// <summary>The same with segments of another length; the training windows keep their proportions.</summary>
    public TrialSettings WithSegmentFrames(int frames) => this with
    {
        FrontEnd = FrontEnd with
        {
            SegmentFrames = frames,
            TrainingWindows = [.. FrontEnd.TrainingWindows.Select(w => new SegmentWindow(Math.Max(1, w.Frames * frames / FrontEnd.SegmentFrames), Math.Max(1, w.HopFrames * frames / FrontEnd.SegmentFrames)))],
        },
        Network = Network is null ? null : Network with { Frames = frames },
    };
}
