namespace DeviceId.Tests;

/// <summary>
/// Waits for events without a notification: a file of another process, a thread that blocks, an object that is collected. It polls; a
/// timeout is a failure, and no test depends on how long it took.
/// </summary>
internal static class Eventually
{
    /// <summary>
    /// For anything that takes a second on an idle machine: on a busy machine of two cores it was seen to take thirty times as long.
    /// </summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Waits until a condition is true.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="what">Describes the event in the failure message.</param>
    public static void IsTrue(Func<bool> condition, string what) =>
        Assert.True(SpinWait.SpinUntil(condition, Timeout), $"{what}: not within {Timeout}");

    /// <inheritdoc cref="IsTrue"/>
    public static async Task IsTrueAsync(Func<bool> condition, string what)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            while (!condition())
                await Task.Delay(Pause, timeout.Token);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"{what}: not within {Timeout}");
        }
    }

    /// <summary>Waits until a thread blocks.</summary>
    public static void Blocks(Thread thread) => IsTrue(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), "the thread blocks");

    /// <summary>Waits until another thread or a callback sets an event.</summary>
    public static void IsSet(ManualResetEventSlim signal, string what) =>
        Assert.True(signal.Wait(Timeout, TestContext.Current.CancellationToken), $"{what}: not within {Timeout}");

    /// <summary>Waits at a barrier for the other threads.</summary>
    public static void Meet(Barrier barrier) =>
        Assert.True(
            barrier.SignalAndWait(Timeout, TestContext.Current.CancellationToken),
            $"not all threads reached the barrier within {Timeout}");

    /// <summary>Waits until a thread ends.</summary>
    public static void Ends(Thread thread, string message) => Assert.True(thread.Join(Timeout), message);
}
