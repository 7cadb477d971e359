using System.Runtime.CompilerServices;

namespace DeviceId.Foundation;

/// <summary>While it lives, nothing is finalised: what native code still reads is not freed under it.</summary>
/// <remarks>
/// TorchSharp 0.107 hands libtorch the addresses of temporary numbers (<c>x * 2</c> and even <c>a + b</c> make one) without keeping the objects alive during the call.
/// When another thread's allocation brings on a collection in that moment, the finalizer frees what libtorch is reading: a number becomes another one without a word,
/// or the heap is damaged and the process dies, mostly on a busy machine (seen: two sweeps within a quarter of an hour; "argument alpha must not be a floating point
/// number" from a batch normalisation). Objects that are collected meanwhile wait: their memory is freed when the last hold ends.
/// How: an object is dropped and collected whose own finalizer waits for the end of the hold, and with it the one thread that runs all finalizers.
/// A hold costs a collection of the youngest generation, some tenths of a millisecond; holds within holds cost nothing.
/// </remarks>
internal sealed class FinalizerHold : IDisposable
{
    /// <summary>Whoever waits for finalizers within a hold goes on after this time instead of never.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private static readonly object s_lock = new();
    private static int s_holds;
    private static Gate? s_gate;

    private bool _ended;

    /// <summary>Begins a hold.</summary>
    public FinalizerHold()
        : this(s_patience, Longest)
    {
    }

    /// <summary>Begins a hold whose times are not the usual ones: a test must depend on neither.</summary>
    /// <param name="patience">How long to wait for the finalizers' thread to stop.</param>
    /// <param name="longest">After which time it goes on all the same.</param>
    internal FinalizerHold(TimeSpan patience, TimeSpan longest)
    {
        lock (s_lock)
        {
            if (s_holds++ > 0)
                return;
            s_gate = new Gate(longest);
            Drop(s_gate);
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
            try
            {
                s_gate.Shut.Wait(patience);
            }
            catch (ThreadInterruptedException)
            {
                // Nobody will end this hold: later ones must not take it for one that lasts.
                s_holds--;
                s_gate.Opened.Set();
                throw;
            }
        }
    }

    /// <summary>Ends the hold.</summary>
    public void Dispose()
    {
        lock (s_lock)
        {
            if (_ended)
                return;
            _ended = true;
            if (--s_holds == 0)
                s_gate!.Opened.Set();
        }
    }

    // A method of its own, so that no register or stack slot of the caller still refers to the object.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(Gate gate) => _ = new Stopper(gate);

    /// <summary>Where the thread of the finalizers waits.</summary>
    private sealed class Gate(TimeSpan longest)
    {
        public TimeSpan Longest { get; } = longest;

        public ManualResetEventSlim Shut { get; } = new();

        public ManualResetEventSlim Opened { get; } = new();
    }

    private sealed class Stopper(Gate gate)
    {
        ~Stopper()
        {
            gate.Shut.Set();
            gate.Opened.Wait(gate.Longest);
        }
    }
}
