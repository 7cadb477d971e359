namespace DeviceId.Experiments;

/// <summary>What the robustness study compares.</summary>
internal enum RobustnessSystem
{
    /// <summary>The best network, trained on the recordings as they are.</summary>
    TrainedClean,

    /// <summary>The same network in as many steps, trained on the recordings and degraded copies of them.</summary>
    TrainedDegraded,

    /// <summary>Statistics pooling with a support vector machine, trained on the recordings as they are.</summary>
    Baseline,
}
