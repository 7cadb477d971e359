using System.Diagnostics;
using static TorchSharp.torch;

namespace DeviceId.Tests;

/// <summary>Checks that long computations react to cancellation.</summary>
internal static class Cancellation
{
    /// <summary>The limit that the project guarantees for every phase.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Cancels after 200 ms: the work must throw within five seconds, and leave no tensor.</summary>
    public static void IsNoticed(Action<CancellationToken> work) => IsNoticed((CancellationTokenSource stop) =>
    {
        stop.CancelAfter(TimeSpan.FromMilliseconds(200));
        work(stop.Token);
    });

    /// <summary>The same for work that cancels itself at a moment of its choice.</summary>
    public static void IsNoticed(Action<CancellationTokenSource> work)
    {
        var liveBefore = LiveTensors.CountSettled();
        using var stop = new CancellationTokenSource();
        var cancelled = new TaskCompletionSource<long>();
        using var registration = stop.Token.Register(() => cancelled.SetResult(Stopwatch.GetTimestamp()));
        Assert.ThrowsAny<OperationCanceledException>(() => work(stop));
        var thrown = Stopwatch.GetTimestamp();
        Assert.True(stop.IsCancellationRequested, "The work stopped before it was cancelled.");
        // The work may see the cancellation, and throw, before the callback has run: then the elapsed time is zero.
        var elapsed = Stopwatch.GetElapsedTime(Math.Min(cancelled.Task.GetAwaiter().GetResult(), thrown), thrown);
        TestContext.Current.TestOutputHelper?.WriteLine($"{elapsed.TotalMilliseconds:F0} ms after the cancellation");
        Assert.InRange(elapsed, TimeSpan.Zero, Limit);
        Assert.Equal(liveBefore, Tensor.TotalCount);
    }
}
