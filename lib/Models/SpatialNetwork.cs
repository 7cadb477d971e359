namespace DeviceId.Models;

/// <summary>What reads the supervector (paper, Section 4.1).</summary>
public enum SpatialNetwork
{
    /// <summary>Nothing: the temporal branch alone.</summary>
    None,

    /// <summary>Three fully connected layers.</summary>
    Dnn,

    /// <summary>Three convolutions with pooling over the supervector as a map (coefficient, component).</summary>
    Cnn,

    /// <summary>Four residual blocks over the same map.</summary>
    ResNet,
}
