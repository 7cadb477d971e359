namespace DeviceId.Fuzz;

/// <summary>
/// One reader of files, as the fuzzer and the regression tests drive it: any bytes go in, and nothing may come out but a value or a
/// refusal.
/// </summary>
/// <param name="name">What the command line calls it.</param>
/// <param name="refusals">The exceptions that its documentation promises for bad input; any other is a defect.</param>
internal abstract class FuzzTarget(string name, params Type[] refusals)
{
    /// <summary>What one input may allocate, in bytes, whatever it claims: 32 MB and 64 times its own length.</summary>
    private const long AllocationFloor = 32 << 20;
    private const int AllocationFactor = 64;

    /// <summary>What the command line calls it.</summary>
    public string Name { get; } = name;

    /// <summary>What the last refusal said.</summary>
    public string Refusal { get; private set; } = "";

    /// <summary>Small valid inputs, made by the library itself.</summary>
    public abstract IEnumerable<byte[]> Seeds();

    /// <summary>Feeds one input to the reader.</summary>
    /// <returns>True when it was read, false when it was refused as documented.</returns>
    /// <exception cref="DefectException">
    /// The input was read into something impossible, or took more memory than its size explains.
    /// </exception>
    public bool Execute(byte[] input)
    {
        Prepare();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = TryRead(input);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Require(allocated <= AllocationFloor + AllocationFactor * (long)input.Length,
            $"{input.Length} bytes made the reader allocate {allocated}");
        return read;
    }

    /// <summary>Makes, once, what <see cref="Read"/> needs beside the input: what that allocates is not the input's doing.</summary>
    protected virtual void Prepare()
    {
    }

    /// <summary>Reads the input and looks at all that came out of it.</summary>
    protected abstract void Read(byte[] input);

    /// <summary>Throws unless what was read is as it must be.</summary>
    protected static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw new DefectException(otherwise);
    }

    /// <summary>Hands the input over as a file.</summary>
    protected static void WithFile(string name, byte[] contents, Action<string> read)
    {
        var path = Path.Combine(Scratch.Folder, name);
        File.WriteAllBytes(path, contents);
        read(path);
    }

    private bool TryRead(byte[] input)
    {
        try
        {
            Read(input);
            return true;
        }
        catch (Exception error) when (refusals.Contains(error.GetType()))
        {
            Refusal = error.Message;
            return false;
        }
    }
}
