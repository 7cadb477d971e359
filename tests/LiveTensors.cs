namespace DeviceId.Tests;

/// <summary>The baseline of a test that counts tensors.</summary>
internal static class LiveTensors
{
    /// <summary>How many tensors live, once the handles that earlier tests dropped are finalised: they would go in the middle of this one.
    /// What the test itself makes is counted by <c>Tensor.TotalCount</c> alone, for a collection would hide a leak.</summary>
    public static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return TorchSharp.torch.Tensor.TotalCount;
    }
}
