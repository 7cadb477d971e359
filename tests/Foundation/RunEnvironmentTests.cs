using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Foundation;

/// <summary>What a result records of where it came from.</summary>
[Collection(TensorCollection.Name)]
public sealed class RunEnvironmentTests
{
    [Fact]
    public void TheLibrarysSourcesAreNamedByAHashAndThoseOfAProgramThatRecordsNone()
    {
        var here = RunEnvironment.Here(CPU);
        Assert.Matches("^[0-9a-f]{16}$", here.LibrarySource);
        // The tests' program has no such hash; the runner has (InterruptedSweepTests run here, SweepTests there).
        Assert.Null(here.RunnerSource);
    }

    [Fact]
    public void AResultFromBeforeTheyWereRecordedIsRead()
    {
        var read = Json.Read<RunEnvironment>("""{"machine":"m","device":"cpu","threads":1,"system":"s","runtime":"r","torch":"t"}""");
        Assert.Null(read.LibrarySource);
        Assert.Equal(read, Json.Read<RunEnvironment>(Json.Write(read)));
    }
}
