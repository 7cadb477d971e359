using DeviceId.Notebooks.Doctor;

namespace DeviceId.Tests.Notebooks;

public sealed class ExaminationTests
{
    [Fact]
    public void ANativeLibraryThatIsMissingIsAFindingAndHidesNoLaterCheck()
    {
        var missing = new DllNotFoundException("no libLibTorchSharp.so");
        foreach (var problem in new Exception[] { missing, new TypeInitializationException("TorchSharp.torch", missing) })
        {
            var finding = Examination.Guarded("compute device", () => throw problem);
            Assert.Equal(new Finding("compute device", FindingState.Failure, missing.Message,
                "Build again: dotnet build notebooks/runner"), finding);
        }
    }
}
