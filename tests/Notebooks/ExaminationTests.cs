using DeviceId.Notebooks.Doctor;

namespace DeviceId.Tests.Notebooks;

public sealed class ExaminationTests
{
    [Fact]
    public void A_native_library_that_is_missing_is_a_finding_and_hides_no_later_check()
    {
        var missing = new DllNotFoundException("no libLibTorchSharp.so");
        foreach (var problem in new Exception[] { missing, new TypeInitializationException("TorchSharp.torch", missing) })
        {
            var finding = Examination.Guarded("compute device", () => throw problem);
            Assert.Equal(new Finding("compute device", FindingState.Failure, missing.Message,
                "Build once more: dotnet build notebooks/runner"), finding);
        }
    }
}
