using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace DeviceId.Tests.Layout;

/// <summary>Finds which types the types of an assembly use, from its metadata and its instructions.</summary>
/// <remarks>
/// Nested types, including those that the compiler generates for lambdas and iterators, count as their outermost type, both as users and as
/// used types. Uses that leave no trace in the assembly are not found: <c>nameof</c> and the values of constants.
/// </remarks>
internal sealed class UsedTypes
{
    /// <summary>Operand types by opcode; opcodes of two bytes begin with 0xFE.</summary>
    private static readonly Dictionary<short, OperandType> Operands = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value, code => code.OperandType);

    private readonly MetadataReader _reader;
    private readonly PEReader _file;
    private readonly TypeNames _names;

    private UsedTypes(PEReader file)
    {
        _file = file;
        _reader = file.GetMetadataReader();
        _names = new TypeNames(_reader);
    }

    /// <summary>For each outermost type of an assembly, by full name, the full names of the outermost types that it uses.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Find(Stream assembly)
    {
        using var file = new PEReader(assembly);
        var used = new UsedTypes(file);
        var usedByOwner = new Dictionary<string, HashSet<string>>();
        foreach (var handle in used._reader.TypeDefinitions)
        {
            var owner = used._names.OfDefinition(handle);
            usedByOwner.TryAdd(owner, []);
            usedByOwner[owner].UnionWith(used.UsedBy(handle));
            usedByOwner[owner].Remove(owner);
        }

        return usedByOwner.ToDictionary(entry => entry.Key, entry => (IReadOnlySet<string>)entry.Value);
    }

    private HashSet<string> UsedBy(TypeDefinitionHandle handle)
    {
        _names.Seen.Clear();
        var type = _reader.GetTypeDefinition(handle);
        Visit(type.BaseType);
        Visit(type.GetCustomAttributes());
        Visit(type.GetGenericParameters());
        foreach (var implemented in type.GetInterfaceImplementations().Select(_reader.GetInterfaceImplementation))
        {
            Visit(implemented.Interface);
            Visit(implemented.GetCustomAttributes());
        }

        foreach (var implementation in type.GetMethodImplementations().Select(_reader.GetMethodImplementation))
        {
            Visit(implementation.MethodDeclaration);
            Visit(implementation.MethodBody);
        }

        foreach (var field in type.GetFields().Select(_reader.GetFieldDefinition))
        {
            field.DecodeSignature(_names, null);
            Visit(field.GetCustomAttributes());
        }

        foreach (var property in type.GetProperties().Select(_reader.GetPropertyDefinition))
        {
            property.DecodeSignature(_names, null);
            Visit(property.GetCustomAttributes());
        }

        foreach (var @event in type.GetEvents().Select(_reader.GetEventDefinition))
        {
            Visit(@event.Type);
            Visit(@event.GetCustomAttributes());
        }

        foreach (var method in type.GetMethods().Select(_reader.GetMethodDefinition))
        {
            method.DecodeSignature(_names, null);
            Visit(method.GetCustomAttributes());
            Visit(method.GetGenericParameters());
            foreach (var parameter in method.GetParameters().Select(_reader.GetParameter))
                Visit(parameter.GetCustomAttributes());
            if (method.RelativeVirtualAddress != 0)
                Visit(_file.GetMethodBody(method.RelativeVirtualAddress));
        }

        return [.. _names.Seen];
    }

    private void Visit(MethodBodyBlock body)
    {
        Visit(body.LocalSignature);
        foreach (var region in body.ExceptionRegions)
            Visit(region.CatchType);
        var code = body.GetILReader();
        while (code.RemainingBytes > 0)
        {
            short opcode = code.ReadByte();
            if (opcode == 0xFE)
                opcode = unchecked((short)(0xFE00 | code.ReadByte()));
            switch (Operands[opcode])
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineType
                    or OperandType.InlineSig or OperandType.InlineTok:
                    Visit(MetadataTokens.EntityHandle(code.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    var targets = code.ReadInt32();
                    code.Offset += sizeof(int) * targets;
                    break;
                case var operand:
                    code.Offset += Size(operand);
                    break;
            }
        }
    }

    private static int Size(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineBrTarget or OperandType.InlineI or OperandType.InlineString or OperandType.ShortInlineR => 4,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => throw new BadImageFormatException($"Unknown kind of operand: {operand}."),
    };

    private void Visit(EntityHandle handle)
    {
        if (handle.IsNil)
            return;
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                _names.GetTypeFromDefinition(_reader, (TypeDefinitionHandle)handle, 0);
                break;
            case HandleKind.TypeReference:
                _names.GetTypeFromReference(_reader, (TypeReferenceHandle)handle, 0);
                break;
            case HandleKind.TypeSpecification:
                _names.GetTypeFromSpecification(_reader, null, (TypeSpecificationHandle)handle, 0);
                break;
            case HandleKind.MethodDefinition:
                Visit(_reader.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                Visit(_reader.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                Visit(_reader.GetMemberReference((MemberReferenceHandle)handle).Parent);
                break;
            case HandleKind.MethodSpecification:
                var generic = _reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                generic.DecodeSignature(_names, null);
                Visit(generic.Method);
                break;
            case HandleKind.StandaloneSignature:
                var signature = _reader.GetStandaloneSignature((StandaloneSignatureHandle)handle);
                if (signature.GetKind() == StandaloneSignatureKind.Method)
                    signature.DecodeMethodSignature(_names, null);
                else
                    signature.DecodeLocalSignature(_names, null);
                break;
            default:
                throw new BadImageFormatException($"Unknown kind of handle: {handle.Kind}.");
        }
    }

    private void Visit(CustomAttributeHandleCollection attributes)
    {
        foreach (var attribute in attributes.Select(_reader.GetCustomAttribute))
        {
            Visit(attribute.Constructor);
            attribute.DecodeValue(_names);
        }
    }

    private void Visit(GenericParameterHandleCollection parameters)
    {
        foreach (var parameter in parameters.Select(_reader.GetGenericParameter))
        {
            Visit(parameter.GetCustomAttributes());
            foreach (var constraint in parameter.GetConstraints().Select(_reader.GetGenericParameterConstraint))
                Visit(constraint.Type);
        }
    }

    /// <summary>Decodes type names, and collects every outermost type that is decoded.</summary>
    private sealed class TypeNames(MetadataReader reader) : ISignatureTypeProvider<string, object?>, ICustomAttributeTypeProvider<string>
    {
        public HashSet<string> Seen { get; } = [];

        public string OfDefinition(TypeDefinitionHandle handle)
        {
            var type = reader.GetTypeDefinition(handle);
            return type.IsNested ? OfDefinition(type.GetDeclaringType()) : Join(type.Namespace, type.Name);
        }

        public string GetTypeFromDefinition(MetadataReader _, TypeDefinitionHandle handle, byte rawTypeKind) =>
            Collect(OfDefinition(handle));

        public string GetTypeFromReference(MetadataReader _, TypeReferenceHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeReference(handle);
            return type.ResolutionScope.Kind == HandleKind.TypeReference
                ? GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, 0)
                : Collect(Join(type.Namespace, type.Name));
        }

        public string GetTypeFromSpecification(MetadataReader _, object? context, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, null);

        public string GetTypeFromSerializedName(string name)
        {
            Collect(TypeName.Parse(name));
            return name;
        }

        public PrimitiveTypeCode GetUnderlyingEnumType(string type)
        {
            // Only the size is needed. An enumeration of another assembly is always loaded, as the attributes of this library use it.
            var name = type.Split(',')[0];
            var known = AppDomain.CurrentDomain.GetAssemblies()
                .Select(assembly => assembly.GetType(name)).FirstOrDefault(found => found is { IsEnum: true });
            return Type.GetTypeCode(known is null ? typeof(int) : Enum.GetUnderlyingType(known)) switch
            {
                TypeCode.Byte or TypeCode.SByte => PrimitiveTypeCode.Byte,
                TypeCode.Int16 or TypeCode.UInt16 => PrimitiveTypeCode.Int16,
                TypeCode.Int64 or TypeCode.UInt64 => PrimitiveTypeCode.Int64,
                _ => PrimitiveTypeCode.Int32,
            };
        }

        public bool IsSystemType(string type) => type == "System.Type";

        public string GetSystemType() => "System.Type";

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "";

        public string GetGenericMethodParameter(object? context, int index) => "";

        public string GetGenericTypeParameter(object? context, int index) => "";

        public string GetArrayType(string elementType, ArrayShape shape) => elementType;

        public string GetByReferenceType(string elementType) => elementType;

        public string GetPinnedType(string elementType) => elementType;

        public string GetPointerType(string elementType) => elementType;

        public string GetSZArrayType(string elementType) => elementType;

        public string GetFunctionPointerType(MethodSignature<string> signature) => "";

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType;

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        private string Join(StringHandle space, StringHandle name) =>
            space.IsNil ? reader.GetString(name) : $"{reader.GetString(space)}.{reader.GetString(name)}";

        private string Collect(string name)
        {
            Seen.Add(name);
            return name;
        }

        private void Collect(TypeName name)
        {
            if (name.IsConstructedGenericType)
            {
                foreach (var argument in name.GetGenericArguments())
                    Collect(argument);
                Collect(name.GetGenericTypeDefinition());
            }
            else if (name.IsArray || name.IsPointer || name.IsByRef)
                Collect(name.GetElementType());
            else if (name.IsNested)
                Collect(name.DeclaringType!);
            else
                Collect(name.FullName);
        }
    }
}
