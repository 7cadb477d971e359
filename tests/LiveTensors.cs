namespace DeviceId.Tests;

/// <summary>The baseline for tests that count live tensors.</summary>
internal static class LiveTensors
{
    /// <summary>
    /// Number of live tensors, after finalising the handles that earlier tests dropped; otherwise they would disappear during this test.
    /// The test itself counts by <c>Tensor.TotalCount</c> alone, because a collection would hide a leak.
    /// </summary>
    public static long CountSettled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return TorchSharp.torch.Tensor.TotalCount;
    }
}
