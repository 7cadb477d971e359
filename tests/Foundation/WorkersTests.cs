using DeviceId.Foundation;

namespace DeviceId.Tests.Foundation;

public sealed class WorkersTests
{
    [Fact]
    public void EveryCallIsMadeOnceAndNoMoreAtOnceThanWereAskedFor()
    {
        var calls = new int[200];
        var (now, most) = (0, 0);
        Workers.Share(calls.Length, i =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref now));
            // Sleeping threads are what makes a thread pool start further ones.
            Thread.Sleep(1);
            Interlocked.Increment(ref calls[i]);
            Interlocked.Decrement(ref now);
        }, threads: 2);
        Assert.All(calls, count => Assert.Equal(1, count));
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public void WhatGoesWrongComesOutAsItself()
    {
        var error = Assert.Throws<InvalidDataException>(() => Workers.Share(10, i => { if (i == 3) throw new InvalidDataException("the fourth"); }));
        Assert.Equal("the fourth", error.Message);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Workers.Share(10, _ => { }, cancellationToken: stop.Token));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
            Interlocked.CompareExchange(ref target, value, seen);
    }
}
