namespace DeviceId.Tests;

/// <summary>Every test that touches a tensor belongs to this collection: libtorch's random state and thread count are global.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TensorCollection
{
    public const string Name = "Tensors";
}
