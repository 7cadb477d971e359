using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Mixtures;
using DeviceId.Models;
using DeviceId.Tests.Features;
using DeviceId.Tests.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Tests.Acceleration;

/// <summary>
/// The child process of <see cref="SwitchedOffTests"/>: runs features, mixtures, training and prediction once, and records which types of
/// lib/Acceleration were compiled.
/// </summary>
[Collection(TensorCollection.Name)]
public sealed class SwitchedOffProcess
{
    internal const string FileVariable = "DEVICEID_TEST_TYPES_FILE";

    [Fact(Explicit = true)]
    public void RunsEverythingOnce()
    {
        var file = Environment.GetEnvironmentVariable(FileVariable);
        if (string.IsNullOrEmpty(file))
            Assert.Skip("This is the child process of SwitchedOffTests, not a test.");
        using var compiled = new CompiledTypes("DeviceId.Acceleration.");
        using (NewDisposeScope())
        {
            using var frames = new Mfcc(MfccOptions.AsWritten, CPU).Extract(GoldenFeatures.Clip("spA_16k"));
            var mixture = new GmmTrainer(new GmmOptions { Components = 4 }, CPU).Fit([frames]).Model;
            using var adaptation = new MapAdaptation(mixture);
            adaptation.Means([frames]).Dispose();
            Train(Pstnn.Create(TinyNetwork.Options with { Embedding = 32 }, TinyNetwork.Shape, 1));
            Train(new MultiFeatureCnnOptions { Embedding = 32 }.Create(TinyNetwork.Shape with { Frames = 8, FurtherColumns = 8 }, 1));
        }

        File.WriteAllLines(file, compiled.Names());
    }

    /// <summary>A step of Adam on 40 samples, and predictions in a large and in small batches.</summary>
    private static void Train(DeviceNetwork network)
    {
        var (supervectors, segments, labels) = TinyNetwork.Batch(network.Shape, 40);
        using var adam = new Adam(network.parameters());
        new DeepAndShallowLoss(DeepAndShallowLossOptions.Paper).Compute(network.call(supervectors, segments), labels).backward();
        adam.Step(1e-3);
        network.Predict(supervectors, segments).Dispose();
        network.Predict(supervectors, segments, batchSize: 8).Dispose();
        network.AttentionWeights(supervectors, segments)?.Dispose();
        network.Dispose();
    }

    /// <summary>Records the types whose methods the JIT compiles during its lifetime; a compiled method is about to be called.</summary>
    private sealed class CompiledTypes(string prefix) : EventListener
    {
        private const EventKeywords Jit = (EventKeywords)0x10;

        private readonly ConcurrentDictionary<string, bool> _types = new();
        private readonly ManualResetEventSlim _last = new();

        /// <summary>
        /// The names without prefix and type arguments, sorted. Events arrive in order, so when the event of a method that is called last
        /// has arrived, all others have too.
        /// </summary>
        public IEnumerable<string> Names()
        {
            Last();
            Eventually.IsSet(_last, "the runtime reports the methods that it compiles");
            return _types.Keys.Order(StringComparer.Ordinal);
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
                EnableEvents(eventSource, EventLevel.Verbose, Jit);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName?.StartsWith("MethodLoadVerbose", StringComparison.Ordinal) != true)
                return;
            var type = eventData.Payload?[eventData.PayloadNames!.IndexOf("MethodNamespace")] as string ?? "";
            if (eventData.Payload?[eventData.PayloadNames!.IndexOf("MethodName")] as string == nameof(Last))
                _last.Set();
            if (type.StartsWith(prefix, StringComparison.Ordinal))
                _types.TryAdd(type[prefix.Length..].Split('`', '+', '[')[0], true);
        }

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        private static void Last()
        {
        }
    }
}
