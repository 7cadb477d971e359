using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Foundation;

/// <summary>What a result records about its environment.</summary>
[Collection(TensorCollection.Name)]
public sealed class RunEnvironmentTests
{
    [Fact]
    public void TheLibrarysSourceHashIsRecordedAndAProgramWithoutOneHasNone()
    {
        var environment = RunEnvironment.Here(CPU);
        Assert.Matches("^[0-9a-f]{16}$", environment.LibrarySource);
        // The test program has no source hash; the runner has one (InterruptedSweepTests run in the former, SweepTests in the latter).
        Assert.Null(environment.RunnerSource);
    }

    [Fact]
    public void AResultFromBeforeTheHashesWereRecordedIsRead()
    {
        var read = Json.Read<RunEnvironment>("""{"machine":"m","device":"cpu","threads":1,"system":"s","runtime":"r","torch":"t"}""");
        Assert.Null(read.LibrarySource);
        Assert.Equal(read, Json.Read<RunEnvironment>(Json.Write(read)));
    }
}
