using System.Runtime.CompilerServices;
using DeviceId.Foundation;

namespace DeviceId.Tests;

/// <summary>
/// Sets the spin time of libgomp's threads before any test: a test may load libtorch before it uses the library. With libgomp's default,
/// two test processes on two cores take fifty times as long.
/// </summary>
internal static class BeforeAllTests
{
    [ModuleInitializer]
    internal static void SetSpinCount() => ComputeDevice.SetSpinCount();
}
