using System.Runtime.CompilerServices;

namespace DeviceId.Foundation;

/// <summary>Pauses all finalizers until disposed, so that memory which native code still reads is not freed.</summary>
/// <remarks>
/// <para>
/// TorchSharp 0.107 passes libtorch the addresses of temporary scalars (<c>x * 2</c> and even <c>a + b</c> create one) without keeping the
/// objects alive during the call. If another thread's allocation starts a garbage collection at that moment, the finalizer frees what
/// libtorch is reading: a scalar silently changes its value, or the heap is damaged and the process crashes. This was seen on a busy
/// machine: two sweeps crashed within a quarter of an hour, and a batch normalisation failed with "argument alpha must not be a floating
/// point number".
/// </para>
/// <para>
/// How it works: the guard drops and collects an object whose finalizer blocks until the last guard ends. Because one thread runs all
/// finalizers, none runs meanwhile; objects collected in that time are freed afterwards. The first guard costs a garbage collection of
/// generation 0, some tenths of a millisecond; nested guards cost nothing.
/// </para>
/// </remarks>
internal sealed class FinalizerGuard : IDisposable
{
    /// <summary>
    /// After this time finalizers run again, so that code which waits for finalizers within a guard does not wait for ever.
    /// </summary>
    internal static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);

    /// <summary>How long the constructor waits for the finalizer thread to stop.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private static readonly object Lock = new();
    private static int s_guards;
    private static Gate? s_gate;

    private bool _ended;

    /// <summary>Pauses the finalizers, unless another guard has done so already.</summary>
    public FinalizerGuard()
        : this(MaxWait, MaxPause)
    {
    }

    /// <summary>Pauses the finalizers with other time limits: tests must not depend on the defaults.</summary>
    /// <param name="maxWait">How long to wait for the finalizer thread to stop.</param>
    /// <param name="maxPause">After this time finalizers run again in any case.</param>
    internal FinalizerGuard(TimeSpan maxWait, TimeSpan maxPause)
    {
        lock (Lock)
        {
            if (s_guards++ > 0)
                return;
            s_gate = new Gate(maxPause);
            CreateAndDropBlocker(s_gate);
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

    /// <summary>Ends the guard; when the last guard ends, finalizers run again.</summary>
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

    // A separate method, so that no register or stack slot of the caller still refers to the object.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CreateAndDropBlocker(Gate gate) => _ = new Blocker(gate);

    /// <summary>The events at which the finalizer thread waits.</summary>
    private sealed class Gate(TimeSpan maxPause)
    {
        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim Opened { get; } = new();

        public TimeSpan MaxPause { get; } = maxPause;
    }

    private sealed class Blocker(Gate gate)
    {
        ~Blocker()
        {
            gate.Entered.Set();
            gate.Opened.Wait(gate.MaxPause);
        }
    }
}
