using System.Runtime.CompilerServices;

namespace DeviceId.Foundation;

/// <summary>While a guard lives, no finalizer runs: memory that native code still reads is not freed.</summary>
/// <remarks>
/// <para>
/// TorchSharp 0.107 hands libtorch the addresses of temporary scalars (<c>x * 2</c> and even <c>a + b</c> make one) without keeping the
/// objects alive during the call. Where another thread's allocation starts a garbage collection in that moment, the finalizer frees what
/// libtorch is reading: a scalar silently becomes another one, or the heap is damaged and the process dies. This was seen on a busy
/// machine: two sweeps within a quarter of an hour, and "argument alpha must not be a floating point number" from a batch normalisation.
/// </para>
/// <para>
/// How it works: an object is dropped and collected whose own finalizer waits until the last guard ends, and with it the one thread that
/// runs all finalizers. Objects that are collected meanwhile are freed afterwards. The first guard costs a collection of the youngest
/// generation, some tenths of a millisecond; guards within guards cost nothing.
/// </para>
/// </remarks>
internal sealed class FinalizerGuard : IDisposable
{
    /// <summary>After this time finalizers run again, so that code which waits for them within a guard does not wait for ever.</summary>
    internal static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);

    /// <summary>How long the constructor waits for the finalizers' thread to stop.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private static readonly object Lock = new();
    private static int s_guards;
    private static Gate? s_gate;

    private bool _ended;

    /// <summary>Stops the finalizers, unless another guard has already.</summary>
    public FinalizerGuard()
        : this(MaxWait, MaxPause)
    {
    }

    /// <summary>Stops the finalizers, with other times: a test must depend on neither.</summary>
    /// <param name="maxWait">How long to wait for the finalizers' thread to stop.</param>
    /// <param name="maxPause">After which time finalizers run again all the same.</param>
    internal FinalizerGuard(TimeSpan maxWait, TimeSpan maxPause)
    {
        lock (Lock)
        {
            if (s_guards++ > 0)
                return;
            s_gate = new Gate(maxPause);
            Drop(s_gate);
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
            try
            {
                s_gate.Entered.Wait(maxWait);
            }
            catch (ThreadInterruptedException)
            {
                // Nobody will dispose of this guard: later ones must not count it.
                s_guards--;
                s_gate.Opened.Set();
                throw;
            }
        }
    }

    /// <summary>Ends the guard; with the last one finalizers run again.</summary>
    public void Dispose()
    {
        lock (Lock)
        {
            if (_ended)
                return;
            _ended = true;
            if (--s_guards == 0)
                s_gate!.Opened.Set();
        }
    }

    // A method of its own, so that no register or stack slot of the caller still refers to the object.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(Gate gate) => _ = new Stopper(gate);

    /// <summary>Where the finalizers' thread waits.</summary>
    private sealed class Gate(TimeSpan maxPause)
    {
        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim Opened { get; } = new();

        public TimeSpan MaxPause { get; } = maxPause;
    }

    private sealed class Stopper(Gate gate)
    {
        ~Stopper()
        {
            gate.Entered.Set();
            gate.Opened.Wait(gate.MaxPause);
        }
    }
}
