using System.Diagnostics;
using static TorchSharp.torch;

namespace DeviceId.Tests;

/// <summary>Work of many seconds that is cancelled.</summary>
internal static class Cancellation
{
    /// <summary>The project's promise for every phase.</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);

    /// <summary>Cancels after 200 ms: within five seconds the work must throw, and leave no tensor.</summary>
    public static void IsNoticed(Action<CancellationToken> work) => IsNoticed((CancellationTokenSource stop) =>
    {
        stop.CancelAfter(TimeSpan.FromMilliseconds(200));
        work(stop.Token);
    });

    /// <summary>The same of work that cancels itself at a moment of its choice.</summary>
    public static void IsNoticed(Action<CancellationTokenSource> work)
    {
        var live = LiveTensors.Settled();
        using var stop = new CancellationTokenSource();
        var cancelled = new TaskCompletionSource<long>();
        using var noted = stop.Token.Register(() => cancelled.SetResult(Stopwatch.GetTimestamp()));
        Assert.ThrowsAny<OperationCanceledException>(() => work(stop));
        var thrown = Stopwatch.GetTimestamp();
        Assert.True(stop.IsCancellationRequested, "The work stopped before it was cancelled.");
        // The work may see the cancellation, and throw, before the callback has run: that is no time at all.
        var took = Stopwatch.GetElapsedTime(Math.Min(cancelled.Task.GetAwaiter().GetResult(), thrown), thrown);
        TestContext.Current.TestOutputHelper?.WriteLine($"{took.TotalMilliseconds:F0} ms after the cancellation");
        Assert.InRange(took, TimeSpan.Zero, Promised);
        Assert.Equal(live, Tensor.TotalCount);
    }
}
