namespace DeviceId.Experiments;

/// <summary>The systems that the robustness study compares.</summary>
internal enum RobustnessSystem
{
    /// <summary>The best network, trained on the original recordings.</summary>
    TrainedClean,

    /// <summary>The same network, trained for the same number of steps on the original recordings and degraded copies of them.</summary>
    TrainedDegraded,

    /// <summary>The statistics-pooling SVM, trained on the original recordings.</summary>
    Baseline,
}
