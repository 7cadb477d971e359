namespace DeviceId.Fuzz;

/// <summary>
/// One reader of files, as driven by the fuzzer and the regression tests: any bytes go in, and only a value or a documented exception may
/// come out.
/// </summary>
/// <param name="name">Name on the command line.</param>
/// <param name="refusals">The exceptions that its documentation lists for bad input; any other is a defect.</param>
internal abstract class FuzzTarget(string name, params Type[] refusals)
{
    /// <summary>Maximum memory in bytes that one input may allocate, whatever it claims: 32 MB plus 64 times its own length.</summary>
    private const long AllocationFloor = 32 << 20;
    private const int AllocationFactor = 64;

    /// <summary>Name on the command line.</summary>
    public string Name { get; } = name;

    /// <summary>The message of the last refusal.</summary>
    public string Refusal { get; private set; } = "";

    /// <summary>Small valid inputs, written by the library itself.</summary>
    public abstract IEnumerable<byte[]> Seeds();

    /// <summary>Feeds one input to the reader.</summary>
    /// <returns>True when it was read, false when it was refused as documented.</returns>
    /// <exception cref="DefectException">The input gave an impossible value, or took more memory than its size explains.</exception>
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

    /// <summary>
    /// Creates once what <see cref="Read"/> needs besides the input, so that its allocations are not counted for the input.
    /// </summary>
    protected virtual void Prepare()
    {
    }

    /// <summary>Reads the input and checks the result.</summary>
    protected abstract void Read(byte[] input);

    /// <summary>Throws a <see cref="DefectException"/> unless a condition holds.</summary>
    protected static void Require(bool condition, string defect)
    {
        if (!condition)
            throw new DefectException(defect);
    }

    /// <summary>Writes the input to a file and reads it.</summary>
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
