namespace DeviceId.Tests;

/// <summary>
/// Waits for what nobody sends a word of: a file of another process, a thread that blocks, an object that is collected. It looks again and
/// again; that it does not come in time is a failure, and how long it took never a success.
/// </summary>
internal static class Eventually
{
    /// <summary>
    /// For anything that takes a second where nothing else runs: a busy machine of two cores was seen to take thirty times as long.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Waits until something is so.</summary>
    /// <param name="happened">Whether it is.</param>
    /// <param name="what">What a failure says did not happen.</param>
    public static void IsTrue(Func<bool> happened, string what) =>
        Assert.True(SpinWait.SpinUntil(happened, Patience), $"{what}: not within {Patience}");

    /// <inheritdoc cref="IsTrue"/>
    public static async Task IsTrueAsync(Func<bool> happened, string what)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(Patience);
        try
        {
            while (!happened())
                await Task.Delay(Pause, late.Token);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"{what}: not within {Patience}");
        }
    }

    /// <summary>Waits until a thread waits for something.</summary>
    public static void Blocks(Thread thread) => IsTrue(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), "a thread that blocks");

    /// <summary>Waits for another thread or a callback.</summary>
    public static void IsSet(ManualResetEventSlim signal, string what) =>
        Assert.True(signal.Wait(Patience, TestContext.Current.CancellationToken), $"{what}: not within {Patience}");

    /// <summary>Waits for others to meet.</summary>
    public static void Meet(Barrier barrier) =>
        Assert.True(barrier.SignalAndWait(Patience, TestContext.Current.CancellationToken), $"not all have come within {Patience}");

    /// <summary>Waits for a thread's end.</summary>
    public static void Ends(Thread thread, string otherwise) => Assert.True(thread.Join(Patience), otherwise);
}
