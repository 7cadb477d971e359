namespace DeviceId.Foundation;

/// <summary>In what precision a network's matrix products are multiplied; sums, weights and everything else are kept in float32.</summary>
public enum MatmulPrecision
{
    /// <summary>Float32, 24 bits, on every device: for replication.</summary>
    Single,

    /// <summary>TensorFloat-32, 11 bits, on GPUs that have it; float32 elsewhere.</summary>
    TensorFloat32,

    /// <summary>Mixed precision: the fully connected layers in bfloat16, 8 bits; the rest of a GPU's products in TensorFloat-32.</summary>
    BFloat16,
}
