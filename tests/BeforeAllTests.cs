using System.Runtime.CompilerServices;
using DeviceId.Foundation;

namespace DeviceId.Tests;

/// <summary>
/// A test may load libtorch before it uses anything of the library: its threads would then wait as libgomp likes, and two test processes on
/// two cores take fifty times as long.
/// </summary>
internal static class BeforeAllTests
{
    [ModuleInitializer]
    internal static void SetPatienceOfThreads() => ComputeDevice.SetPatienceOfThreads();
}
