namespace DeviceId.Models;

/// <summary>Kind of the spatial branch, whose input is the supervector (paper, Section 4.1).</summary>
public enum SpatialNetwork
{
    /// <summary>No spatial branch.</summary>
    None,

    /// <summary>Three fully connected layers.</summary>
    Dnn,

    /// <summary>Three convolutions with max pooling, over the supervector as a map (coefficient, component).</summary>
    Cnn,

    /// <summary>Four residual blocks over the same map.</summary>
    ResNet,
}
