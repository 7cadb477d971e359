using SharpFuzz;

namespace DeviceId.Fuzz;

/// <summary>Instruments an assembly in place, so that AFL++ sees which branches an input takes.</summary>
internal static class Instrumentation
{
    public static void Apply(string path) =>
        Console.WriteLine($"{Path.GetFileName(path)}: {Fuzzer.Instrument(path, _ => true, SharpFuzz.Options.Value).Count()} types");
}
