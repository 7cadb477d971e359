namespace DeviceId.Foundation;

/// <summary>Precision of a network's matrix products; sums, weights and everything else stay in float32.</summary>
public enum MatmulPrecision
{
    /// <summary>Float32, 24 bits, on every device: for replication.</summary>
    Single,

    /// <summary>TensorFloat-32, 11 bits, on GPUs that have it; float32 elsewhere.</summary>
    TensorFloat32,

    /// <summary>Mixed precision: the fully connected layers in bfloat16, 8 bits; all other products on a GPU in TensorFloat-32.</summary>
    BFloat16,
}
